import { expect, test } from 'vitest'
import type { RunStatus } from '../api/runs'
import { endingOf } from './ending'
import { exampleRun } from './example-run'

test.each<[RunStatus, string | undefined, string, string]>([
  ['KILLED', 'lost', 'The machine was restarted.', 'Lost'],
  ['KILLED', 'killed', 'Probably out of memory: its process, 12, ended …', 'Out of memory'],
  ['KILLED', 'killed', 'Its process, 12, ended without ending the run.', 'Killed'],
  ['KILLED', 'signal', 'SIGINT', 'Interrupted'],
  ['FAILED', 'exception', 'ValueError: out of range', 'Failed'],
  ['FAILED', undefined, '', 'Failed'],
])('%s, %s: %s is called %s', (status, exit, reason, label) => {
  const tags = { ...(exit && { 'trackline.exit': exit }), 'trackline.exit_reason': reason }
  expect(endingOf(exampleRun({ status, tags }))).toEqual({ label, reason })
})

test('a run that ended well, or goes on, has no such ending', () => {
  expect(endingOf(exampleRun({ status: 'FINISHED' }))).toBeUndefined()
  expect(endingOf(exampleRun({ status: 'RUNNING', tags: { 'trackline.exit': 'lost' } }))).toBeUndefined()
})

test('ranks that failed say why, beside the one that kept the run', () => {
  const tags = {
    'trackline.exit': 'killed',
    'trackline.exit_reason': 'It was killed.',
    'trackline.exit_reason.rank-1': 'ValueError: no',
  }
  expect(endingOf(exampleRun({ status: 'KILLED', tags }))?.reason).toBe('It was killed. · rank-1: ValueError: no')
})
