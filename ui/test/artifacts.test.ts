import { expect } from 'vitest'
import { test } from './page'

test('HTML artifacts are shown but cannot script the page', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}/artifacts?path=estimator.html`)
  const frame = page.frameLocator('iframe[title="estimator.html"]')
  await frame.getByText('XGBClassifier').waitFor()
  expect(await page.title()).toBe(`${run.name} · Trackline`)
})

test('files are shown as what they are', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}/artifacts?path=feature_importance_weight.json`)
  await page.getByText('"petal length (cm)":').waitFor()
  await page.getByRole('link', { name: /train\.py/ }).click()
  await page.getByText('mlflow.autolog()').waitFor()
  await page.getByRole('button', { name: 'notes' }).click()
  await page.getByRole('link', { name: /readme\.md/ }).click()
  await page.getByText('# Iris').waitFor()
  await page.getByRole('link', { name: /model\.ubj/ }).click()
  await page.getByText('There is no preview of this kind of file.').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('model.ubj')
  expect(complaints).toEqual([])
})
