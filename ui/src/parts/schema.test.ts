import { expect, test } from 'vitest'
import { fieldsFrom } from './schema'

test('columns and tensors', () => {
  const specs = [
    { type: 'double', name: 'x', required: true },
    { type: 'long', name: 'y', required: false },
    { type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 28, 28] } },
  ]
  expect(fieldsFrom(specs)).toEqual([
    { name: 'x', type: 'double', optional: false },
    { name: 'y', type: 'long', optional: true },
    { name: '', type: 'float32 (n × 28 × 28)', optional: false },
  ])
})

test.each([undefined, 'text', {}, [null, 1]])('%j has no fields', (specs) => {
  expect(fieldsFrom(specs)).toEqual([])
})
