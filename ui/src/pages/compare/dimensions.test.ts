import { expect, test } from 'vitest'
import { exampleRun } from '../example-run'
import { defaultAxes, dimensionsOf, mainMetric, valueOf, varyingDimensions } from './dimensions'

const runs = [
  exampleRun({ params: { lr: '0.1', seed: '0' }, metrics: { mean_test_score: 0.9, 'system/cpu': 1, loss: 1 } }),
  exampleRun({ params: { lr: '0.2', seed: '0' }, metrics: { mean_test_score: 0.8, 'system/cpu': 2, loss: 1 } }),
]

test('only what differs can be an axis; params come first', () => {
  expect(varyingDimensions(runs).map(({ id }) => id)).toEqual([
    'params.lr',
    'metrics.mean_test_score',
    'metrics.system/cpu',
  ])
})

test('at first the axes are the params and the metric that matters', () => {
  const dimensions = varyingDimensions(runs)
  expect(mainMetric(dimensions)?.label).toBe('mean_test_score')
  expect(defaultAxes(dimensions)).toEqual(['params.lr', 'metrics.mean_test_score'])
})

test('what is the same in all can still be the metric that matters', () => {
  const same = runs.map((run) => ({
    ...run,
    metrics: { ...run.metrics, mean_test_score: 0.9, mean_score_time: run.metrics['system/cpu']! },
  }))
  expect(mainMetric(dimensionsOf(same))?.label).toBe('mean_test_score')
})

test('values by the name of their dimension', () => {
  expect(valueOf(runs[0]!, 'params.lr')).toBe('0.1')
  expect(valueOf(runs[0]!, 'metrics.loss')).toBe(1)
  expect(valueOf(runs[0]!, 'metrics.none')).toBeUndefined()
})
