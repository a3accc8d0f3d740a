import { expect, test } from 'vitest'
import { exampleRun } from '../example-run'
import { bestOf, compareRuns, lowerIsBetter } from './table'

test.each([
  ['accuracy', false],
  ['val/loss', true],
  ['validation_0-mlogloss', true],
  ['test_rmse', true],
  ['mean_squared_error', true],
  ['roc_auc', false],
  ['r2_score', false],
  ['mean_test_score', false],
  ['std_test_score', true],
  ['mean_fit_time', true],
])('of %s less is better: %s', (key, lower) => {
  expect(lowerIsBetter(key)).toBe(lower)
})

test('the best ones, leaving out NaN, infinities and what is missing', () => {
  expect(bestOf([0.1, NaN, 0.3, undefined, 0.3, Infinity], false)).toEqual([2, 4])
  expect(bestOf([0.1, NaN, 0.3], true)).toEqual([0])
})

test('where all are equal, or one is alone, none is best', () => {
  expect(bestOf([1, 1], false)).toEqual([])
  expect(bestOf([undefined, 2], false)).toEqual([])
})

test('rows say what differs', () => {
  const groups = compareRuns([
    exampleRun({ params: { lr: '0.1', seed: '0' }, metrics: { loss: 0.5 } }),
    exampleRun({ params: { lr: '0.2', seed: '0', extra: 'x' }, metrics: { loss: 0.25 } }),
  ])
  const rows = groups.flatMap((group) =>
    group.rows.filter((row) => row.differs).map((row) => [group.title, row.key, ...row.cells]),
  )
  expect(rows).toEqual([
    ['Parameters', 'extra', undefined, 'x'],
    ['Parameters', 'lr', '0.1', '0.2'],
    ['Metrics', 'loss', '0.5', '0.25'],
  ])
  expect(groups.find((group) => group.title === 'Metrics')?.rows[0]).toMatchObject({ best: [1], lower: true })
})

test('what was inferred has a group of its own', () => {
  const run = exampleRun({ params: { 'inferred/lr': '0.1', seed: '0' }, metrics: { 'inferred/loss': 1 } })
  expect(compareRuns([run]).map(({ title, rows }) => [title, ...rows.map(({ key }) => key)])).toEqual([
    ['Run', 'status', 'started', 'duration'],
    ['Parameters', 'seed'],
    ['Inferred', 'inferred/lr', 'inferred/loss'],
  ])
})
