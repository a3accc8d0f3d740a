import { expect, test } from 'vitest'
import { quoted, toNumber, toRecord, toTime } from './values'

test.each([
  [0.5, 0.5],
  ['NaN', NaN],
  ['-Infinity', -Infinity],
  [1.7976931348623157e308, Infinity],
  [-1.7976931348623157e308, -Infinity],
] as const)('the double %j is %d', (wire, value) => {
  expect(toNumber(wire)).toBe(value)
})

test('no time is no time, also when it is written as zero', () => {
  expect([toTime(undefined), toTime(0), toTime(7)]).toEqual([undefined, undefined, 7])
})

test('pairs become a record; none, an empty one', () => {
  expect(
    toRecord([
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
    ]),
  ).toEqual({ a: '1', b: '' })
  expect(toRecord(undefined)).toEqual({})
})

test('text in a filter takes the quotes it does not hold', () => {
  expect([quoted('plain'), quoted("it's")]).toEqual(["'plain'", '"it\'s"'])
})
