import { expect, test } from 'vitest'
import { exampleRun } from '../example-run'
import { byParent, mergeFirstPage, rowsOf } from './tree'

const run = (id: string, parent?: string) => exampleRun({ id, tags: parent ? { 'mlflow.parentRunId': parent } : {} })
const runs = [run('a'), run('b')]
const children = byParent([run('a1', 'a'), run('a2', 'a'), run('a1x', 'a1'), run('alone')])
const shape = (open: string[]) =>
  rowsOf(runs, children, new Set(open)).map((row) => '  '.repeat(row.depth) + row.run.id)

test('children are grouped by their parent, in order', () => {
  expect([...children].map(([parent, list]) => [parent, list.map(({ id }) => id)])).toEqual([
    ['a', ['a1', 'a2']],
    ['a1', ['a1x']],
  ])
})

test('a folded run shows how many children it has, not the children', () => {
  const rows = rowsOf(runs, children, new Set())
  expect(rows.map(({ run, children, open }) => [run.id, children, open])).toEqual([
    ['a', 2, false],
    ['b', 0, false],
  ])
})

test('children stand under an open run, deeper ones under open children', () => {
  expect(shape(['a'])).toEqual(['a', '  a1', '  a2', 'b'])
  expect(shape(['a', 'a1', 'b'])).toEqual(['a', '  a1', '    a1x', '  a2', 'b'])
})

test('an update puts new runs first, keeps what was loaded beyond, and repeats none', () => {
  const going = { ...run('c'), name: 'newer' }
  const merged = mergeFirstPage([run('a'), run('b'), run('c'), run('d')], [run('new'), run('a')], [going])
  expect(merged.map(({ id }) => id)).toEqual(['new', 'a', 'b', 'c', 'd'])
  expect(merged[3]).toBe(going)
})
