import type { Server } from 'node:http'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { exampleState } from '../mock/fixtures/index.ts'
import type { State } from '../mock/state.ts'
import { launch } from './chromium'
import { serve } from './serve'

let browser: BrowserContext
let page: Page
let state: State
let server: Server
let url: string
/** What the page complained about, and what it asked of other hosts. */
let complaints: string[]

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

beforeEach(async () => {
  state = exampleState(Date.now()).state
  ;({ url, server } = await serve(state))
  complaints = []
  page = await browser.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('request', (request) => request.url().startsWith(url) || complaints.push(`asked for ${request.url()}`))
})
afterEach(async () => {
  await page.close()
  server.closeAllConnections()
  server.close()
})

const runNamed = (name: string) => [...state.runs.values()].find((run) => run.name === name)!
const rowsOf = (table: string) => page.getByRole('table', { name: table }).locator('tbody tr:not([aria-hidden])')
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor()

test('from the experiments to a registered version', async () => {
  await page.goto(url)
  await page.getByRole('link', { name: 'iris-xgboost' }).click()
  await page.getByRole('checkbox', { name: 'Select all loaded runs' }).waitFor()
  expect(await rowsOf('Runs').count()).toBe(12)
  expect(await page.title()).toBe('iris-xgboost · Trackline')

  await rowsOf('Runs').nth(4).getByRole('link').first().click()
  await page.getByRole('row', { name: /max_depth/ }).waitFor()
  await page.getByRole('row', { name: /validation_0-mlogloss/ }).waitFor()

  await page.getByRole('link', { name: 'Artifacts' }).click()
  await page.getByRole('link', { name: /training_confusion_matrix/ }).click()
  const image = page.getByRole('img', { name: 'training_confusion_matrix.png' })
  await image.waitFor()
  expect(await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))).toBe(480)
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
  await seen('@champion')
  await page.getByRole('link', { name: 'Models', exact: true }).first().click()
  await page.getByRole('link', { name: '@champion → v1' }).waitFor()
  expect(complaints).toEqual([])
})

test('choosing runs and comparing them', async () => {
  await page.goto(`${url}/experiments/1`)
  for (const index of [0, 1, 2]) await rowsOf('Runs').nth(index).getByRole('checkbox').check()
  await page.getByRole('link', { name: 'Compare' }).click()
  await page.getByRole('heading', { name: 'Compare 3 runs' }).waitFor()
  const table = page.getByRole('table', { name: 'Comparison' })
  await table.getByRole('row', { name: /^accuracy_score_X_test/ }).waitFor()
  expect(await table.getByText('best').count()).toBeGreaterThan(0)
  expect(await table.getByRole('row', { name: /^objective/ }).count()).toBe(0)
  await page.getByRole('checkbox', { name: 'Only differences' }).uncheck()
  await table.getByRole('row', { name: /^objective/ }).waitFor()

  await page.getByRole('link', { name: 'Curves' }).click()
  await page.getByRole('figure', { name: 'Chart of validation_0-mlogloss' }).locator('canvas').waitFor()
  await page.getByRole('link', { name: 'Scatter' }).click()
  await page.getByRole('group', { name: /^Scatter of/ }).waitFor()
  expect(complaints).toEqual([])
})

test('brushing parallel coordinates', async () => {
  const parent = [...state.runs.values()].find((run) => run.experimentId === '2' && run.modelIds.length)!
  await page.goto(`${url}/runs/${parent.id}`)
  await page.getByRole('link', { name: 'Compare' }).click()
  await page.getByRole('link', { name: 'Parallel coordinates' }).click()
  const chart = page.getByRole('group', { name: /^Parallel coordinates of 24 runs over .*mean_test_score$/ })
  const box = (await chart.boundingBox())!
  const x = box.x + box.width - 70
  await page.mouse.move(x, box.y + 50)
  await page.mouse.down()
  await page.mouse.move(x, box.y + 150, { steps: 4 })
  await page.mouse.up()
  const count = page.getByText(/^\d+ of 24 runs$/)
  const kept = Number.parseInt((await count.textContent())!)
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(24)
  await page.getByRole('button', { name: 'Keep these' }).click()
  await page.getByRole('heading', { name: `Compare ${kept} runs` }).waitFor()
  expect(complaints).toEqual([])
})

test('children are folded under their parent, and appear while it goes on', async () => {
  await page.goto(`${url}/experiments/2`)
  const going = [...state.runs.values()].find((run) => run.experimentId === '2' && run.status === 'RUNNING')!
  await page.getByRole('button', { name: `Children of ${going.name}` }).click()
  await page.getByRole('link', { name: 'candidate-2' }).waitFor()
  expect(await page.getByRole('link', { name: 'candidate-3' }).count()).toBe(0)

  const child = [...state.runs.values()].find((run) => run.tags['mlflow.parentRunId'] === going.id)!
  state.addRun({ ...child, id: 'f'.repeat(32), name: 'candidate-3', start: Date.now() })
  state.changed()
  await page.getByRole('link', { name: 'candidate-3' }).waitFor()
  expect(complaints).toEqual([])
})

test('searching, sorting and choosing columns are kept in the address', async () => {
  await page.goto(`${url}/experiments/3`)
  const search = page.getByRole('searchbox', { name: 'Search runs' })
  await search.fill("params.optimizer = 'AdamW' AND metrics.`val/loss` < 100")
  await search.press('Enter')
  await page.getByRole('columnheader', { name: /val\/accuracy/ }).getByRole('button').click()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('searchbox', { name: 'Find a column' }).fill('batch')
  await page.getByRole('checkbox', { name: 'batch_size' }).uncheck()
  await page.keyboard.press('Escape')
  const sorted = page.locator('[aria-sort=descending]')
  await sorted.waitFor()

  await page.reload()
  await sorted.waitFor()
  expect(await search.inputValue()).toContain('AdamW')
  expect(await page.getByRole('columnheader', { name: 'batch_size' }).count()).toBe(0)
  const adam = [...state.runs.values()].filter((run) => run.experimentId === '3' && run.params.optimizer === 'AdamW')
  expect(await rowsOf('Runs').count()).toBe(adam.length)
})

test("a filter that is wrong shows the server's words, pointing at the place", async () => {
  await page.goto(`${url}/experiments/1`)
  await rowsOf('Runs').first().waitFor()
  const search = page.getByRole('searchbox', { name: 'Search runs' })
  await search.fill('metrics.loss >> 1')
  await search.press('Enter')
  const alert = page.getByRole('alert')
  expect(await alert.textContent()).toMatch(/metrics\.loss >> 1\n +\^/)
  expect(await alert.evaluate((element) => getComputedStyle(element).fontFamily)).toContain('mono')
})

test('a thousand rows and two hundred columns stay in a small document', async () => {
  await page.goto(`${url}/experiments/4`)
  await page.getByRole('button', { name: 'Columns' }).click()
  for (const all of await page.getByRole('button', { name: 'All', exact: true }).all()) await all.click()
  await page.keyboard.press('Escape')
  for (let loaded = 200; loaded <= 1000; loaded += 100) {
    await page.getByRole('button', { name: 'Load more' }).click()
    await seen(`${loaded.toLocaleString('en-US')} runs`)
  }
  const scroll = page.locator('.scroll')
  await scroll.evaluate((element) => element.scrollTo(8000, 20_000))
  await page.getByRole('columnheader', { name: 'eval/task_60' }).waitFor()
  expect(await page.locator('td').count()).toBeLessThan(1500)
  expect(await page.getByRole('table', { name: 'Runs' }).getAttribute('aria-rowcount')).toBe('1001')
})

test('HTML artifacts are shown but cannot script the page', async () => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}/artifacts?path=estimator.html`)
  const frame = page.frameLocator('iframe[title="estimator.html"]')
  await frame.getByText('XGBClassifier').waitFor()
  expect(await page.title()).toBe(`${run.name} · Trackline`)
})

test('deleting runs and bringing them back', async () => {
  await page.goto(`${url}/experiments/1`)
  const name = (await rowsOf('Runs').first().getByRole('link').first().textContent())!
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await seen('11 runs')
  expect(runNamed(name).deleted).toBe(true)
  await page.getByRole('checkbox', { name: 'Deleted' }).check()
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  await page.getByRole('button', { name: 'Restore' }).click()
  await seen('No run fits')
  expect(runNamed(name).deleted).toBe(false)
  expect(complaints).toEqual([])
})

test('an experiment is made, renamed and deleted', async () => {
  await page.goto(url)
  await page.getByRole('button', { name: 'New experiment' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('iris-xgboost')
  await page.getByRole('button', { name: 'Create' }).click()
  await seen("Experiment 'iris-xgboost' already exists.")
  await page.getByRole('textbox', { name: 'Name' }).fill('tulips')
  await page.getByRole('button', { name: 'Create' }).click()
  await seen('No runs yet')
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

test('the theme follows the system until one is chosen, and the choice is kept', async () => {
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

test("MLflow's addresses lead to our pages; unknown ones say so", async () => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/#/experiments/1/runs/${run.id}`)
  await page.getByRole('heading', { name: run.name }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/runs/${run.id}`)
  await page.goto(`${url}/nowhere`)
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor()
  await page.goto(`${url}/runs/unknown`)
  expect(await page.getByRole('alert').textContent()).toContain('unknown')
})
