import { expect, test } from 'vitest'
import { columnsOf, fieldsOf, notableOf, profileOf, usesOf, withDrift } from './dataset'

test('the schemas that MLflow writes', () => {
  const column = { type: 'double', name: 'x', required: true }
  const tensor = { type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1, 4] } }
  expect(fieldsOf(JSON.stringify({ mlflow_colspec: [column] }))).toEqual([
    { name: 'x', type: 'double', optional: false },
  ])
  expect(
    fieldsOf(JSON.stringify({ mlflow_tensorspec: { features: [tensor], targets: JSON.stringify([tensor]) } })),
  ).toEqual([
    { name: 'features', type: 'float64 (n × 4)', optional: false },
    { name: 'targets', type: 'float64 (n × 4)', optional: false },
  ])
})

test.each([undefined, '', 'null', '{', '[1]'])('the schema %j has no fields', (schema) => {
  expect(fieldsOf(schema)).toEqual([])
})

test.each([
  ['{"num_rows": 120, "num_elements": 480}', [['rows', 120]]],
  [
    '{"features_shape": [120, 4]}',
    [
      ['rows', 120],
      ['columns', 4],
    ],
  ],
  [
    '{"features_shape": {"a": [112], "b": [112]}}',
    [
      ['rows', 112],
      ['columns', 2],
    ],
  ],
  ['not json', []],
])('the sizes in %s', (profile, sizes) => {
  expect(profileOf(profile)).toEqual(sizes)
})

test('what a profile says of its columns', () => {
  const columns = [{ name: 'age', min: 1, max: 90, mean: 41.5, null_count: 3 }]
  const schema = JSON.stringify({ mlflow_colspec: [{ type: 'long', name: 'age', required: false }] })
  expect(columnsOf({ schema, profile: JSON.stringify({ num_rows: 5, columns }) })).toEqual([
    { ...columns[0], type: 'long?' },
  ])
  const tensor = JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 1] } }])
  const arrays = JSON.stringify({ mlflow_tensorspec: { features: tensor, targets: tensor } })
  const profile = JSON.stringify({ columns: [{ min: 1 }, { name: 'target', min: 0 }] })
  expect(columnsOf({ schema: arrays, profile })).toEqual([
    { min: 1, type: 'float32' },
    { name: 'target', min: 0 },
  ])
  expect(columnsOf({ profile: '{"num_rows": 5, "columns": 4}' })).toEqual([])
  expect(columnsOf({})).toEqual([])
})

test('drift stands beside its columns', () => {
  const columns = [
    { name: 'age', change: 'kept', psi: 0.4, chance: 0.02, shift: 1, notable: true },
    { name: 'new', change: 'added', notable: true },
    { name: '2', change: 'kept', psi: 0.01, chance: 0.02, notable: false },
  ]
  const drift = { name: 'X', digest: '1', previous_run_id: 'a', previous_run_name: 'fox', same: false, columns }
  const found = withDrift([{ name: 'age' }, { name: 'new' }, { mean: 1 }, { name: 'age' }], drift)
  expect(found.map((column) => column.drift && [column.drift.psi, column.drift.notable])).toEqual([
    [0.4, true],
    undefined,
    [0.01, false],
    undefined,
  ])
  expect(notableOf(drift)).toEqual(['age moved', 'new added'])
})

test('a dataset is found in the lineage by name, digest and context', () => {
  const used = [
    { name: 'X', digest: '1', context: 'train', from: [1] },
    { name: 'X', digest: '1', context: 'eval', from: [2] },
  ]
  const found = usesOf(
    [
      { name: 'X', digest: '1', context: 'eval' },
      { name: 'Z', digest: '1' },
    ],
    { steps: [], used },
  )
  expect(found.map(({ use }) => use?.from)).toEqual([[2], undefined])
})
