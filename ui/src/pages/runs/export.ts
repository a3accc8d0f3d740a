import { SOURCE_TAG, type Run } from '../../api/runs'
import { formatCsv } from '../../parts/csv'
import type { Column } from './columns'

/** The runs of a table as CSV, a line each: numbers as they are, times in ISO 8601, durations in seconds. */
export function runsCsv(runs: Run[], columns: Column[]): string {
  const head = ['run_id', 'name', 'status', ...columns.map(({ group, key, id }) => (group === 'attributes' ? key : id))]
  const lines = runs.map((run) => [run.id, run.name, run.status, ...columns.map((column) => exact(run, column))])
  return formatCsv([head, ...lines])
}

function exact(run: Run, { group, key }: Column): string {
  if (group !== 'attributes') return String(run[group][key] ?? '')
  switch (key) {
    case 'start_time':
      return run.start === undefined ? '' : new Date(run.start).toISOString()
    case 'duration':
      return run.start === undefined || run.end === undefined ? '' : String((run.end - run.start) / 1000)
    case 'user_id':
      return run.user
    case 'source':
      return run.tags[SOURCE_TAG] ?? ''
    case 'dataset':
      return run.datasets.map((dataset) => dataset.name).join(' ')
    default:
      return run.modelIds.join(' ')
  }
}
