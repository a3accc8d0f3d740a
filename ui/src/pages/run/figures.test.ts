import { expect, test } from 'vitest'
import type { Captured } from '../../api/captured'
import { figuresOf } from './figures'

const file = (key: string): Captured => ({ kind: 'artifact', key, source: 'matplotlib.savefig' })

test('figures come as they were made, with the loop they were made in; data beside them is none', () => {
  const items = [
    'b.png',
    'figures/z2.svg',
    'figures/z10.svg',
    'figures/a.png',
    'figures/a.json',
    'report.html',
    'figures/p.html',
  ]
  const listed = [
    { path: 'figures/p.html', title: 'Surface', source: 'plotly', time: 1 },
    { path: 'figures/a.png', title: '', source: 'matplotlib.savefig', time: 2, at: { epoch: 3 } },
  ]
  const figures = figuresOf(items.map(file), listed)
  expect(figures.map(({ kind, title, made }) => [kind, title, made])).toEqual([
    ['html', 'Surface', ''],
    ['image', 'a.png', 'epoch 3'],
    ['image', 'b.png', ''],
    ['image', 'z2.svg', ''],
    ['image', 'z10.svg', ''],
  ])
})
