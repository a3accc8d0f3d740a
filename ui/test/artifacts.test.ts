import { expect } from 'vitest'
import { test } from './page'

test('HTML artifacts are shown but cannot script the page', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}/artifacts?path=estimator.html`)
  const frame = page.frameLocator('iframe[title="estimator.html"]')
  await frame.getByText('XGBClassifier').waitFor()
  expect(await page.title()).toBe(`${run.name} · Trackline`)
})
