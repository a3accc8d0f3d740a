import { expect } from 'vitest'
import { rowsOf, seen, test } from './page'

test('from the experiments to a registered version', async ({ page, url, complaints }) => {
  await page.goto(url)
  await page.getByRole('link', { name: 'iris-xgboost' }).click()
  await page.getByRole('checkbox', { name: 'Select all loaded runs' }).waitFor()
  expect(await rowsOf(page, 'Runs').count()).toBe(12)
  expect(await page.title()).toBe('iris-xgboost · Trackline')

  await rowsOf(page, 'Runs').nth(4).getByRole('link').first().click()
  await page.getByRole('row', { name: /max_depth/ }).waitFor()
  await page.getByRole('row', { name: /validation_0-mlogloss/ }).waitFor()

  await page.getByRole('link', { name: 'Artifacts' }).click()
  await page.getByRole('link', { name: /training_confusion_matrix/ }).click()
  const image = page.getByRole('img', { name: 'training_confusion_matrix.png' })
  await image.waitFor()
  expect(await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))).toBe(
    480,
  )
  await page.getByRole('link', { name: /predictions\.csv/ }).click()
  await page.getByRole('columnheader', { name: 'probability' }).waitFor()

  await page.getByRole('link', { name: /^MLmodel/ }).click()
  await page.getByRole('table', { name: 'Inputs' }).getByText('petal width (cm)').waitFor()
  await page.getByRole('button', { name: 'Register model' }).click()
  await page.getByRole('combobox', { name: 'Registered model' }).fill('greenhouse')
  await page.getByRole('dialog').getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByRole('heading', { name: 'Version 1' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/models/greenhouse/versions/1')

  await page.getByRole('button', { name: 'Add alias to version 1' }).click()
  await page.getByRole('textbox', { name: 'Alias' }).fill('champion')
  await page.getByRole('button', { name: 'Set alias' }).click()
  await seen(page, '@champion')
  await page.getByRole('link', { name: 'Models', exact: true }).first().click()
  await page.getByRole('link', { name: '@champion → v1' }).waitFor()
  expect(complaints).toEqual([])
})

test('what the server refuses is said where it was asked for', async ({ page, url, state }) => {
  await page.goto(`${url}/models/iris-classifier/versions/2`)
  const remove = page.getByRole('button', { name: 'Remove alias champion' })
  await remove.waitFor()
  state.registered.clear()
  await remove.click()
  await page.getByRole('alert').getByText('iris-classifier').first().waitFor()
})
