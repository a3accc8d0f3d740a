import { expect, test } from 'vitest'
import { sizeOf, wayOf } from './lineage'

const step = (id: number, what: string, from: number[], inferred: number[] = []) => ({
  id,
  what,
  detail: {},
  rows: 10,
  from,
  inferred,
})
const steps = [step(1, 'read', []), step(2, 'other', []), step(3, 'split', [1], [1]), step(4, 'scale', [3])]

test('the way of data is every step behind it, in order, with how sure each link is', () => {
  const way = wayOf({ steps, used: [] }, { name: 'X', from: [4, 3] })
  expect(way.map(({ what, sources }) => [what, sources])).toEqual([
    ['read', []],
    ['split', [{ what: 'read', sure: false }]],
    ['scale', [{ what: 'split', sure: true }]],
  ])
})

test('a step that was forgotten is left out', () => {
  expect(wayOf({ steps: [step(5, 'fit', [99])], used: [] }, { name: 'X', from: [5, 98] })).toHaveLength(1)
})

test('the size of what a step made', () => {
  expect(sizeOf({ ...step(1, 'read', []), rows: 1200, columns: 4 })).toBe('1,200 rows × 4 columns')
  expect(sizeOf({ ...step(1, 'read', []), rows: null })).toBe('')
})
