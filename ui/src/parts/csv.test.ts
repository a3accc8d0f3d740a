import { expect, test } from 'vitest'
import { formatCsv, parseCsv } from './csv'

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  ['"x, ""y""","two\nlines"\n', [['x, "y"', 'two\nlines']]],
  ['a"b,c', [['a"b', 'c']]],
  ['', []],
])('%j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows)
})

test('other separators', () => {
  expect(parseCsv('a\tb,c', '\t')).toEqual([['a', 'b,c']])
})

test('what is written is read back', () => {
  const rows = [
    ['a', 'x, "y"', ''],
    ['two\nlines', '1', 'é'],
  ]
  expect(parseCsv(formatCsv(rows))).toEqual(rows)
})
