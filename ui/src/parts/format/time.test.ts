import { expect, test } from 'vitest'
import { formatAgo, formatClock, formatDuration, formatSeconds, formatTime } from './time'

const S = 1000
const MIN = 60 * S
const H = 60 * MIN
const D = 24 * H

test.each([
  [-5 * S, 'just now'],
  [2 * S, 'just now'],
  [42 * S, '42 s ago'],
  [3 * MIN + 59 * S, '3 min ago'],
  [5 * H, '5 h ago'],
  [30 * H, 'yesterday'],
  [4 * D, '4 days ago'],
])('%d ms before is %s', (ms, text) => {
  const now = Date.UTC(2026, 10, 22, 12)
  expect(formatAgo(now - ms, now)).toBe(text)
})

test('long ago is a date, with its year if that is another one', () => {
  const now = new Date(2026, 10, 22, 12).getTime()
  expect(formatAgo(new Date(2026, 10, 1, 12).getTime(), now)).toBe('1 Nov')
  expect(formatAgo(new Date(2025, 11, 1, 12).getTime(), now)).toBe('1 Dec 2025')
})

test('a time is local, to the second', () => {
  expect(formatTime(new Date(2026, 0, 5, 7, 8, 9).getTime())).toBe('2026-01-05 07:08:09')
})

test.each([
  [-1, '0 ms'],
  [850, '850 ms'],
  [12_440, '12.4 s'],
  [59_999, '59.9 s'],
  [3 * MIN + 5 * S, '3 min 05 s'],
  [2 * H + 10 * MIN, '2 h 10 min'],
  [3 * D + 4 * H, '3 d 4 h'],
])('%d ms last %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, '0'],
  [0.5, '0.5 s'],
  [600, '10 min'],
  [5400, '1.5 h'],
  [259_200, '3 d'],
])('%d s on an axis are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

test.each([
  [[14, 5, 30], 3600, '14:05'],
  [[14, 5, 30], 10, '14:05:30'],
  [[0, 0, 0], 3600, '22 Nov'],
  [[14, 0, 0], 86_400, '22 Nov'],
] as const)('%j on an axis with marks each %d s is %s', ([hours, minutes, seconds], step, text) => {
  expect(formatClock(new Date(2026, 10, 22, hours, minutes, seconds).getTime() / 1000, step)).toBe(text)
})
