import { expect, test } from 'vitest'
import { makeAxis, niceTicks, scaleColor } from './axis'

test.each([
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0.93, 0.977, 6, [0.93, 0.94, 0.95, 0.96, 0.97]],
  [-10, 10, 4, [-10, -5, 0, 5, 10]],
  [3, 3, 4, [3]],
])('round marks from %d to %d', (low, high, count, ticks) => {
  expect(niceTicks(low, high, count)).toEqual(ticks)
})

test('numbers, also as text, lie on a line', () => {
  const axis = makeAxis('params.depth', 'depth', ['2', '4', '6', undefined])
  expect(axis.kind).toBe('linear')
  expect(['2', '4', '6', undefined].map(axis.place)).toEqual([0, 0.5, 1, undefined])
  expect(axis.ends).toEqual(['2', '6'])
})

test('numbers over decades lie on a logarithmic line', () => {
  const axis = makeAxis('params.lr', 'lr', ['0.001', '0.01', '0.1', '1'])
  expect(axis.kind).toBe('log')
  expect(axis.place('0.01')).toBeCloseTo(1 / 3, 12)
})

test('values that are spread evenly stay on a plain line, however small the least is', () => {
  expect(makeAxis('metrics.acc', 'acc', [0.001, 0.3, 0.5, 0.7, 0.99]).kind).toBe('linear')
})

test('NaN has no place on an axis of numbers', () => {
  const axis = makeAxis('metrics.loss', 'loss', [1, NaN, 3, Infinity])
  expect([1, NaN, 3, Infinity].map(axis.place)).toEqual([0, undefined, 1, undefined])
})

test('one word among numbers makes all of them words, in natural order', () => {
  const axis = makeAxis('params.depth', 'depth', ['8', 'None', '16'])
  expect(axis.kind).toBe('words')
  expect(axis.ticks.map((tick) => tick.text)).toEqual(['8', '16', 'None'])
  expect(axis.place('16')).toBe(0.5)
})

test('a single value lies in the middle', () => {
  expect(makeAxis('a', 'a', [7, 7]).place(7)).toBe(0.5)
  expect(makeAxis('a', 'a', ['x']).place('x')).toBe(0.5)
})

test('colours run from one end to the other and stay there beyond', () => {
  expect(scaleColor(-1)).toBe(scaleColor(0))
  expect(scaleColor(2)).toBe(scaleColor(1))
  expect(new Set([0, 0.25, 0.5, 0.75, 1].map(scaleColor)).size).toBe(5)
})
