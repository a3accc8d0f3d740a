import { expect, test } from 'vitest'
import { exampleRun } from '../example-run'
import { toColumn } from './columns'
import { runsCsv } from './export'

test('a table as CSV keeps numbers exact, and quotes what needs it', () => {
  const ids = ['attributes.start_time', 'attributes.duration', 'metrics.loss', 'params.layers', 'tags.team']
  const columns = ids.map((id) => toColumn(id)!)
  const first = exampleRun({
    metrics: { loss: 0.1234567890123 },
    params: { layers: '(64, 32)' },
    tags: { team: 'a "b"' },
  })
  const going = exampleRun({ id: 'b', name: 'b', status: 'RUNNING', end: undefined, metrics: { loss: NaN } })
  expect(runsCsv([first, going], columns)).toBe(
    'run_id,name,status,start_time,duration,metrics.loss,params.layers,tags.team\n' +
      'a,calm-finch-1,FINISHED,1970-01-01T00:00:01.000Z,2,0.1234567890123,"(64, 32)","a ""b"""\n' +
      'b,b,RUNNING,1970-01-01T00:00:01.000Z,,NaN,,\n',
  )
})
