import { expect, test } from 'vitest'
import { makeAxis } from './axis'
import { brushed, brushedByKey, distance, makeStrand, passes } from './parallel'

const values: Record<string, (number | undefined)[]> = { a: [0, 5, 10], b: [1, undefined, 3] }
const axes = Object.entries(values).map(([id, cells]) => makeAxis(id, id, cells))
const strands = [0, 1, 2].map((run) =>
  makeStrand(axes, { id: `r${run}`, label: '', color: '' }, (axis) => values[axis.id]![run]),
)
const kept = (brushes: Parameters<typeof passes>[2]) =>
  strands.filter((strand) => passes(strand, axes, brushes)).map(({ id }) => id)

test('without brushes every line passes', () => {
  expect(kept({})).toEqual(['r0', 'r1', 'r2'])
})

test('a brush keeps the lines through it; two brushes, those through both', () => {
  expect(kept({ a: [0.4, 1] })).toEqual(['r1', 'r2'])
  expect(kept({ a: [0, 1], b: [0.5, 1] })).toEqual(['r2'])
})

test('a line without a value does not pass a brush on that axis', () => {
  expect(kept({ b: [0, 1] })).toEqual(['r0', 'r2'])
})

test('dragging either way brushes, within the axis', () => {
  expect(brushed({}, 'a', 0.8, 0.2)).toEqual({ a: [0.2, 0.8] })
  expect(brushed({}, 'a', 0.5, 1.7)).toEqual({ a: [0.5, 1] })
})

test('a click takes the brush of its axis away and leaves the others', () => {
  expect(brushed({ a: [0, 1], b: [0, 0.5] }, 'a', 0.3, 0.305)).toEqual({ b: [0, 0.5] })
})

test('the distance to a line is measured across it', () => {
  expect(distance([0.5, 0.5], 50, 60, 100, 100)).toBeCloseTo(10, 10)
  expect(distance([0, 1], 50, 60, 100, 100)).toBeCloseTo(10 * Math.SQRT1_2, 10)
  expect(distance([0, undefined, 1], 150, 0, 100, 100)).toBe(Infinity)
  expect(distance([0, 0], 400, 100, 100, 100)).toBeCloseTo(0, 10)
})

test('keys move the ends of a stretch, which never closes', () => {
  const up = brushedByKey({}, 'a', 'ArrowUp', false)!
  expect(up).toEqual({ a: [0.05, 1] })
  expect(brushedByKey(up, 'a', 'ArrowDown', true)).toEqual({ a: [0.05, 0.95] })
  expect(brushedByKey({ a: [0.9, 0.95] }, 'a', 'ArrowUp', false)!.a![0]).toBeCloseTo(0.9)
  expect(brushedByKey({ a: [0.9, 0.95] }, 'a', 'ArrowDown', true)!.a![1]).toBeCloseTo(0.95)
  expect(brushedByKey(up, 'a', 'Escape', false)).toEqual({})
  expect(brushedByKey(up, 'a', 'Tab', false)).toBeUndefined()
})
