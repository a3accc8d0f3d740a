import { expect, test } from 'vitest'
import { looksBinary, previewKind } from './kind'

test.each([
  ['plots/a.PNG', 'image'],
  ['model/MLmodel', 'model'],
  ['data.tsv', 'csv'],
  ['estimator.html', 'html'],
  ['d.json', 'json'],
  ['train.py', 'text'],
  ['Makefile', 'text'],
])('%s is shown as %s', (path, kind) => {
  expect(previewKind(path)).toBe(kind)
})

test('text is told from what is none by its content', () => {
  expect(looksBinary('def f():\n  return "é 漢"')).toBe(false)
  expect(looksBinary('PK\u0003\u0004\0\0')).toBe(true)
  expect(looksBinary('\uFFFDabc\uFFFD')).toBe(true)
  expect(looksBinary('\u0007'.repeat(100))).toBe(true)
  expect(looksBinary('\u001b[32mgreen\u001b[0m\tand\r\nmore')).toBe(false)
  expect(looksBinary('')).toBe(false)
})
