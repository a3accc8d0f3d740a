import { expect, test } from 'vitest'
import { exampleRun } from '../example-run'
import { availableColumns, captionOf, cellText, defaultColumns, nextSort, orderBy, toColumn, widened } from './columns'

const run = exampleRun({
  params: { lr: '0.1', seed: '0' },
  metrics: { loss: 0.5, 'system/cpu': 3 },
  tags: { team: 'vision', 'mlflow.source.name': 'train.py' },
})
const other = exampleRun({ params: { lr: '0.2', seed: '0' }, metrics: { loss: 0.4, acc: 1 } })

test('columns are named as in order_by, dots and all', () => {
  expect(toColumn('metrics.val.loss')).toMatchObject({
    group: 'metrics',
    key: 'val.loss',
    numeric: true,
    sortable: true,
  })
  expect(toColumn('attributes.start_time')).toMatchObject({ label: 'Started', sortable: true })
})

test.each(['nothing', 'attributes.unknown', 'metrics.', 'other.x'])('%s is no column', (id) => {
  expect(toColumn(id)).toBeUndefined()
})

test('all that the runs hold can be shown, but not what clients note for themselves', () => {
  expect(availableColumns([run, other])).toMatchObject({
    metrics: ['acc', 'loss', 'system/cpu'],
    params: ['lr', 'seed'],
    tags: ['team'],
  })
})

test('at first a table shows metrics, and the params that differ', () => {
  expect(defaultColumns([run, other])).toEqual([
    'attributes.start_time',
    'attributes.duration',
    'attributes.source',
    'metrics.acc',
    'metrics.loss',
    'params.lr',
  ])
})

test('columns that were shown stay where they were while runs come in', () => {
  const more = exampleRun({ metrics: { aaa: 1, loss: 1 } })
  expect(defaultColumns([run, more], ['attributes.start_time', 'metrics.loss'])).toEqual([
    'attributes.start_time',
    'attributes.duration',
    'attributes.source',
    'metrics.loss',
    'metrics.aaa',
    'params.lr',
    'params.seed',
  ])
})

test('scores on other data come before those on the training data, times last', () => {
  const keys = ['fit_time', 'training_f1_score', 'f1_score_X_test', 'loss', 'split0_test_score', 'best_cv_score']
  const metrics = Object.fromEntries(keys.map((key) => [key, 1]))
  expect(defaultColumns([exampleRun({ metrics })]).slice(2)).toEqual(
    ['best_cv_score', 'f1_score_X_test', 'loss', 'training_f1_score', 'fit_time'].map((key) => `metrics.${key}`),
  )
})

test('unfolding a run makes room for what its children hold', () => {
  const child = exampleRun({ metrics: { mean_test_score: 0.9 }, params: { depth: '3' } })
  expect(widened(['attributes.start_time', 'metrics.loss', 'params.lr'], [child])).toEqual([
    'attributes.start_time',
    'attributes.duration',
    'metrics.mean_test_score',
    'metrics.loss',
    'params.lr',
    'params.depth',
  ])
})

test('a cell is empty where the run has nothing', () => {
  expect(cellText(run, toColumn('metrics.loss')!)).toBe('0.50000')
  expect(cellText(run, toColumn('tags.team')!)).toBe('vision')
  expect(cellText(other, toColumn('tags.team')!)).toBe('')
})

test('the first column of a group names it', () => {
  const [loss, acc, lr] = ['metrics.loss', 'metrics.acc', 'params.lr'].map((id) => toColumn(id)!)
  expect([captionOf(loss!, undefined), captionOf(acc!, loss), captionOf(lr!, acc)]).toEqual([
    'Metrics',
    '',
    'Parameters',
  ])
})

test.each([
  [null, undefined],
  ['-metrics.val/loss', ['metrics.`val/loss` DESC']],
  ['params.lr', ['params.`lr` ASC']],
  ['-attributes.start_time', ['attributes.start_time DESC']],
])('sort %s asks the server for %j', (sort, order) => {
  expect(orderBy(sort)).toEqual(order)
})

test('clicks on a header go round: the useful way, the other way, as it was', () => {
  const loss = toColumn('metrics.loss')!
  const lr = toColumn('params.lr')!
  expect([nextSort(null, loss), nextSort('-metrics.loss', loss), nextSort('metrics.loss', loss)]).toEqual([
    '-metrics.loss',
    'metrics.loss',
    '',
  ])
  expect([nextSort('metrics.loss', lr), nextSort('params.lr', lr), nextSort('-params.lr', lr)]).toEqual([
    'params.lr',
    '-params.lr',
    '',
  ])
})
