import { expect, test } from 'vitest'
import { columnWindow, rowWindow } from './window'

test('rows in view, with some to spare', () => {
  expect(rowWindow(0, 320, 32, 1000)).toEqual([0, 20])
  expect(rowWindow(3200, 320, 32, 1000)).toEqual([92, 120])
  expect(rowWindow(31_680, 320, 32, 1000)).toEqual([980, 1000])
})

test('a list that became shorter than the scroll shows nothing rather than failing', () => {
  expect(rowWindow(3200, 320, 32, 5)).toEqual([5, 5])
})

test('columns in view, and the room the others take', () => {
  const widths = Array.from({ length: 200 }, () => 100)
  expect(columnWindow(0, 1000, widths, 0)).toEqual({ from: 0, to: 11, before: 0, after: 18_900 })
  const middle = columnWindow(5000, 1000, widths, 0)
  expect(middle.before + (middle.to - middle.from) * 100 + middle.after).toBe(20_000)
  expect(middle.from * 100).toBeLessThanOrEqual(5000)
  expect(middle.to * 100).toBeGreaterThanOrEqual(6000)
})
