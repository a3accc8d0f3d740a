import { expect, test } from 'vitest'
import { factsOf, gitFacts } from './environment'

test('what was recorded is told, what was not is left out', () => {
  expect(
    factsOf({ python: '3.11.7', argv: ['python', 'my train.py', "it's"], memory_bytes: 64e9, cpu: { cores: 8 } }),
  ).toEqual([
    ['Command', `python 'my train.py' 'it'\\''s'`],
    ['Python', '3.11.7'],
    ['Processor', '8 cores'],
    ['Memory', '64.0 GB'],
  ])
  expect(factsOf({})).toEqual([])
})

test('several GPUs are numbered', () => {
  const facts = factsOf({ gpus: [{ name: 'H200', memory_bytes: 150e9, driver: '570' }, 'L4'] })
  expect(facts).toEqual([
    ['GPU 0', 'H200, 150 GB, driver 570'],
    ['GPU 1', 'L4'],
  ])
})

test('a commit tells whether more was changed', () => {
  expect(gitFacts({ commit: 'abc', dirty: true })).toEqual([['Commit', 'abc, with uncommitted changes']])
})
