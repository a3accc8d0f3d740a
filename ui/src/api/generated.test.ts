import { readFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'

const document = new URL('../../../crates/server/openapi.json', import.meta.url)
const types = new URL('./generated.ts', import.meta.url)

test('the types are those of the API document; `npm run api` writes them anew', async () => {
  const fresh = astToString(await openapi(document))
  expect(readFileSync(types, 'utf8')).toContain(fresh.trim())
})
