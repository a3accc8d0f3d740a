import { expect, test } from 'vitest'
import { describeSource, Sources } from './sources'

test('an item is found by its kind and key', () => {
  const sources = new Sources([{ kind: 'param', key: 'lr', source: 'argparse' }], false)
  expect(sources.of('param', 'lr')?.source).toBe('argparse')
  expect(sources.of('metric', 'lr')).toBeUndefined()
})

test.each([
  [{ source: 'user' }, 'logged by the script'],
  [{ source: 'sklearn.fit' }, 'captured by sklearn.fit'],
  [{ source: 'stdout', confidence: 0.85 }, 'captured by stdout, 85 % sure'],
])('%j', (item, text) => {
  expect(describeSource({ kind: 'param', key: 'a', ...item })).toBe(text)
})
