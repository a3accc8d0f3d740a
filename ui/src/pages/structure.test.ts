import { expect, test } from 'vitest'
import { isSet, layerFacts, structureLines } from './structure'

test('a parameter was chosen if it is not its default or has none', () => {
  expect(isSet({ name: 'depth', value: '3', default: '6' })).toBe(true)
  expect(isSet({ name: 'depth', value: '6', default: '6' })).toBe(false)
  expect(isSet({ name: 'steps', value: '[]', default: null })).toBe(true)
})

test('a model in lines, each part under its place and none twice', () => {
  const forest = { name: 'forest', class: 'Forest', params: [{ name: 'depth', value: '3', default: '6' }] }
  const steps = { name: 'steps', value: "[('forest', Forest(depth=3))]", default: null }
  const model = { class: 'Pipeline', params: [steps, { name: 'verbose', value: 'False' }], children: [forest] }
  expect(structureLines(model)).toEqual({
    model: 'Pipeline',
    verbose: 'False',
    forest: 'Forest',
    'forest.depth': '3',
  })
})

test('what a layer is', () => {
  const layer = { class: 'Linear', input: [[32, 10]], output: [[32, 5]], parameters: 55 }
  expect(layerFacts({ ...layer, trainable: 55, dtype: 'float32' })).toEqual([
    '32×10 → 32×5',
    '55 parameters',
    'float32',
  ])
  expect(layerFacts({ class: 'Linear', parameters: 1055, trainable: 0 })).toEqual(['1,055 parameters', 'frozen'])
  expect(layerFacts({ class: 'Net', parameters: 1055, trainable: 55 })).toEqual(['1,055 parameters', '55 trained'])
})
