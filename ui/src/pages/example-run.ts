import type { Run } from '../api/runs'

/** A run for tests, with what matters to the test. */
export const exampleRun = (part: Partial<Run>): Run => ({
  id: 'a',
  name: 'calm-finch-1',
  experimentId: '1',
  user: 'ada',
  status: 'FINISHED',
  start: 1_000,
  end: 3_000,
  deleted: false,
  params: {},
  metrics: {},
  tags: {},
  datasets: [],
  modelIds: [],
  ...part,
})
