import { expect } from 'vitest'
import { seen, test } from './page'

test('an experiment is made, renamed and deleted', async ({ page, url }) => {
  await page.goto(url)
  await page.getByRole('button', { name: 'New experiment' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('iris-xgboost')
  await page.getByRole('button', { name: 'Create' }).click()
  await seen(page, "Experiment 'iris-xgboost' already exists.")
  await page.getByRole('textbox', { name: 'Name' }).fill('tulips')
  await page.getByRole('button', { name: 'Create' }).click()
  await seen(page, 'No runs yet')
  await page.getByRole('link', { name: 'Experiments' }).first().click()

  await page.getByRole('button', { name: 'Actions for tulips' }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('roses')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('link', { name: 'roses' }).waitFor()
  await page.getByRole('button', { name: 'Actions for roses' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('link', { name: 'roses' }).waitFor({ state: 'detached' })
})

test('the theme follows the system until one is chosen, and the choice is kept', async ({ page, url }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(url)
  await page.getByRole('link', { name: 'iris-xgboost' }).waitFor()
  const light = await background()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await background()
  expect(dark).not.toBe(light)
  await page.getByRole('button', { name: /^Colour theme/ }).click()
  expect(await background()).toBe(light)
  await page.reload()
  await page.getByRole('button', { name: 'Colour theme: light' }).waitFor()
  expect(await background()).toBe(light)
  await page.evaluate(() => localStorage.clear())
})

test("MLflow's addresses lead to our pages; unknown ones say so", async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/#/experiments/1/runs/${run.id}`)
  await page.getByRole('heading', { name: run.name }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/runs/${run.id}`)
  await page.goto(`${url}/nowhere`)
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor()
  await page.goto(`${url}/runs/unknown`)
  expect(await page.getByRole('alert').textContent()).toContain('unknown')
})

test('a server that goes away is told, and forgiven when it is back', async ({ page, url, browser }) => {
  await page.goto(`${url}/experiments`)
  await page.getByRole('link', { name: 'iris-xgboost' }).waitFor()
  await browser.setOffline(true)
  const told = page.getByText('Server not reachable')
  await told.waitFor()
  await page.getByRole('link', { name: 'iris-xgboost' }).waitFor()
  await browser.setOffline(false)
  await told.waitFor({ state: 'detached' })
})
