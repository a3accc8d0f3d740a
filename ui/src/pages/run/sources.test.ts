import { expect, test } from 'vitest'
import type { Captured } from '../../api/captured'
import { bySource, describeSource, Sources } from './sources'

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

test('items are told by their source, the script before the hooks and guesses last', () => {
  const item = (source: string, key: string, confidence?: number): Captured => ({
    kind: 'param',
    source,
    key,
    ...(confidence && { confidence }),
  })
  const groups = bySource([
    item('stdout', 'inferred/x', 0.6),
    item('argparse', 'lr'),
    item('torch.optimizer', 'momentum'),
    item('torch.optimizer', 'decay', 0.95),
    item('user', 'note'),
  ])
  expect(groups.map(({ title, items }) => `${title}: ${items.map(({ key }) => key).join(' ')}`)).toEqual([
    'user: note',
    'torch.optimizer: momentum decay',
    'argparse: lr',
    'Inferred: inferred/x',
  ])
})
