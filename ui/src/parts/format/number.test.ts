import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatInColumn, formatNumber } from './number'

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [-3, '−3'],
  [0.1 + 0.2, '0.3'],
  [0.9666666666666667, '0.966667'],
  [1234.5678, '1234.57'],
  [123456, '123456'],
  [1234567.891, '1234570'],
  [0.000012345, '1.2345e−5'],
  [1e-300, '1e−300'],
  [6.02214076e23, '6.0221e23'],
  [5e9, '5000000000'],
  [1e15, '1e15'],
  [NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('%d is %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [0.5, '0.50000'],
  [0.038662, '0.03866'],
  [0.00123456, '0.0012346'],
  [12.5, '12.5000'],
  [1, '1'],
  [NaN, 'NaN'],
])('%d is %s in a column', (value, text) => {
  expect(formatInColumn(value)).toBe(text)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [181_422, '181 kB'],
  [999_600, '1.0 MB'],
  [2_400_000, '2.4 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('counts have commas', () => {
  expect(formatCount(1234567)).toBe('1,234,567')
})
