import { expect, test } from 'vitest'
import { readView, toLine, writeView } from './chart-view'

const series = {
  runId: 'a',
  key: 'loss',
  total: 3,
  steps: [0, 2, 1],
  timestamps: [5000, 6000, 7000],
  values: [1, 2, 3],
}
const look = { id: 'a', label: 'a', color: '' }

test.each(['', 'x=time', 'x=relative&log=xy&smooth=0.6', 'log=y'])(
  'the view %j survives the way through the address',
  (text) => {
    const written = Object.entries(writeView(readView(new URLSearchParams(text)))).filter(([, value]) => value)
    expect(new URLSearchParams(written).toString()).toBe(text)
  },
)

test('nonsense in the address is as nothing', () => {
  expect(readView(new URLSearchParams('x=up&smooth=7&log=z'))).toEqual({
    x: 'step',
    logX: false,
    logY: false,
    smoothing: 0.99,
  })
})

test('points are put in the order of what lies along x', () => {
  expect(toLine(series, 'step', look)).toMatchObject({ xs: [0, 1, 2], ys: [1, 3, 2] })
  expect(toLine(series, 'time', look)).toMatchObject({ xs: [5, 6, 7], ys: [1, 2, 3] })
  expect(toLine(series, 'relative', look)).toMatchObject({ xs: [0, 1, 2], ys: [1, 2, 3] })
})
