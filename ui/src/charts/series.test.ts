import { expect, test } from 'vitest'
import { align, positive, smooth } from './series'

test('lines measured at different places share one axis', () => {
  const { xs, columns } = align([
    { xs: [0, 1, 2], ys: [1, NaN, 3] },
    { xs: [0, 2, 4], ys: [5, 6, 7] },
  ])
  expect(xs).toEqual([0, 1, 2, 4])
  expect(columns).toEqual([
    [1, null, 3, undefined],
    [5, undefined, 6, 7],
  ])
})

test('of several points at one place the last counts', () => {
  expect(align([{ xs: [1, 1], ys: [2, 3] }])).toEqual({ xs: [1], columns: [[3]] })
})

test('infinities are gaps', () => {
  expect(align([{ xs: [0], ys: [Infinity] }]).columns).toEqual([[null]])
})

test('smoothing leaves a constant as it is, from its first value on', () => {
  for (const value of smooth([2, 2, 2, 2], 0.9)) expect(value).toBeCloseTo(2, 12)
})

test('smoothing draws a jump out and keeps gaps', () => {
  const [before, gap, after] = smooth([0, NaN, 1], 0.5)
  expect(before).toBe(0)
  expect(gap).toBeNaN()
  expect(after).toBeCloseTo(2 / 3, 12)
})

test('no weight, no smoothing', () => {
  expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2])
})

test('logarithmic axes leave out what they cannot show', () => {
  const line = { id: 'a', label: 'a', color: '', xs: [0, 1, 2], ys: [1, -1, 4] }
  expect(positive(line, true, false)).toMatchObject({ xs: [1, 2], ys: [-1, 4] })
  expect(positive(line, false, true)).toMatchObject({ xs: [0, 1, 2], ys: [1, NaN, 4] })
  expect(positive(line, false, false)).toBe(line)
})
