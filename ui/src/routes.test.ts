import { expect, test } from 'vitest'
import { pages } from './paths'
import { match } from './routes'

test.each([
  [pages.home(), {}],
  [pages.experiments(), {}],
  [pages.experiment('1'), { experimentId: '1' }],
  [pages.run('abc'), { runId: 'abc' }],
  [pages.run('abc', 'charts'), { runId: 'abc', tab: 'charts' }],
  [pages.model('a/b c'), { name: 'a/b c' }],
  ['/models/100%', { name: '100%' }],
  [pages.version('iris', '2'), { name: 'iris', version: '2' }],
  ['/experiments/', {}],
])('%s has a page', (path, params) => {
  const route = match(path)
  expect(route.section).not.toBe('')
  expect(route.params).toEqual(params)
})

test('another tab of a run is the same page, another run is not', () => {
  expect(match('/runs/a/charts').key).toBe(match('/runs/a').key)
  expect(match('/runs/b').key).not.toBe(match('/runs/a').key)
})

test.each(['/nothing', '/runs', '/models/a/versions'])('%s leads nowhere', (path) => {
  expect(match(path)).toMatchObject({ section: '', params: { path } })
})
