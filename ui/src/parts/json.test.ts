import { expect, test } from 'vitest'
import { jsonTokens } from './json'

test('keys, strings, numbers and words are told apart', () => {
  const tokens = jsonTokens('{"a": "b: 1", "c": [1.5e-3, null, true]}')
  const told = tokens?.filter((token) => token.kind !== 'plain').map(({ kind, text }) => `${kind} ${text}`)
  expect(told).toEqual(['key "a":', 'string "b: 1"', 'key "c":', 'number 0.0015', 'word null', 'word true'])
})

test('the tokens together are the JSON, set out', () => {
  const text = '{"quote":"\\"","list":[1,{"deep":false}]}'
  expect(
    jsonTokens(text)
      ?.map((token) => token.text)
      .join(''),
  ).toBe(JSON.stringify(JSON.parse(text), null, 2))
})

test('what is no JSON has no tokens', () => {
  expect(jsonTokens('{a: NaN}')).toBeUndefined()
})
