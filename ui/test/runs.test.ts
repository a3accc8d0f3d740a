import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { rowsOf, runNamed, seen, test } from './page'

test('children are folded under their parent, and appear while it goes on', async ({
  page,
  url,
  complaints,
  state,
}) => {
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

test('searching, sorting and choosing columns are kept in the address', async ({ page, url, state }) => {
  await page.goto(`${url}/experiments/3`)
  const search = page.getByRole('searchbox', { name: 'Search runs' })
  await search.fill("params.optimizer = 'AdamW' AND metrics.`val/loss` < 100")
  await search.press('Enter')
  await page
    .getByRole('columnheader', { name: /val\/accuracy/ })
    .getByRole('button')
    .click()
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
  expect(await rowsOf(page, 'Runs').count()).toBe(adam.length)
})

test("a filter that is wrong shows the server's words, pointing at the place", async ({ page, url }) => {
  await page.goto(`${url}/experiments/1`)
  await rowsOf(page, 'Runs').first().waitFor()
  const search = page.getByRole('searchbox', { name: 'Search runs' })
  await search.fill('metrics.loss >> 1')
  await search.press('Enter')
  const alert = page.getByRole('alert')
  expect(await alert.textContent()).toMatch(/metrics\.loss >> 1\n +\^/)
  expect(await alert.evaluate((element) => getComputedStyle(element).fontFamily)).toContain('mono')
})

test('a thousand rows and two hundred columns stay in a small document', async ({ page, url }) => {
  await page.goto(`${url}/experiments/4`)
  await page.getByRole('button', { name: 'Columns' }).click()
  for (const all of await page.getByRole('button', { name: 'All', exact: true }).all()) await all.click()
  await page.keyboard.press('Escape')
  for (let loaded = 200; loaded <= 1000; loaded += 100) {
    await page.getByRole('button', { name: 'Load more' }).click()
    await seen(page, `${loaded.toLocaleString('en-US')} runs`)
  }
  const scroll = page.locator('.scroll')
  await scroll.evaluate((element) => element.scrollTo(8000, 20_000))
  await page.getByRole('columnheader', { name: 'eval/task_60' }).waitFor()
  expect(await page.locator('td').count()).toBeLessThan(1500)
  expect(await page.getByRole('table', { name: 'Runs' }).getAttribute('aria-rowcount')).toBe('1001')
})

test('deleting runs and bringing them back', async ({ page, url, complaints, state }) => {
  await page.goto(`${url}/experiments/1`)
  const name = (await rowsOf(page, 'Runs').first().getByRole('link').first().textContent())!
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await seen(page, '11 runs')
  expect(runNamed(state, name).deleted).toBe(true)
  await page.getByRole('checkbox', { name: 'Deleted' }).check()
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  await page.getByRole('button', { name: 'Restore' }).click()
  await seen(page, 'No run fits')
  expect(runNamed(state, name).deleted).toBe(false)
  expect(complaints).toEqual([])
})

test('coming back from a run finds the table as it was left', async ({ page, url, state }) => {
  await page.goto(`${url}/experiments/4`)
  await page.getByRole('button', { name: 'Load more' }).click()
  await seen(page, '200 runs')
  const scroll = page.locator('.scroll')
  await scroll.evaluate((element) => element.scrollTo(0, 4800))
  const run = [...state.runs.values()].filter((one) => one.experimentId === '4').sort((a, b) => b.start - a.start)[155]!
  const link = page.getByRole('link', { name: run.name, exact: true })
  await link.click()
  await page.getByRole('heading', { name: run.name }).waitFor()
  await page.goBack()
  await link.waitFor()
  const top = () => scroll.evaluate((element) => element.scrollTop)
  expect(await top()).toBe(4800)
  await page.getByRole('columnheader', { name: 'eval/task_00' }).getByRole('button').click()
  await expect.poll(top).toBe(0)
})

test('a run that did not end well says how', async ({ page, url, state }) => {
  const [lost, starved] = [...state.runs.values()].filter((run) => run.experimentId === '1')
  lost!.status = starved!.status = 'KILLED'
  lost!.tags['trackline.exit'] = 'lost'
  starved!.tags['trackline.exit_reason'] = 'Probably out of memory: its process, 7, ended without ending the run.'
  await page.goto(`${url}/experiments/1`)
  const row = (name: string) => rowsOf(page, 'Runs').filter({ hasText: name })
  await row(lost!.name).getByText('lost', { exact: true }).waitFor()
  await row(starved!.name).getByText('out of memory', { exact: true }).waitFor()
  await page.getByRole('link', { name: starved!.name }).click()
  await seen(page, 'Probably out of memory: its process, 7')
})

test('the table as CSV', async ({ page, url, complaints, state }) => {
  await page.goto(`${url}/experiments/1?columns=metrics.accuracy_score_X_test,params.max_depth`)
  await rowsOf(page, 'Runs').first().waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('runs.csv')
  const [head, first, ...rest] = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n')
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  const accuracy = run.metrics.accuracy_score_X_test![0]!.value
  expect(head).toBe('run_id,name,status,metrics.accuracy_score_X_test,params.max_depth')
  expect(first).toBe(`${run.id},${run.name},${run.status},${accuracy},${run.params.max_depth}`)
  expect(rest).toHaveLength(11)
  expect(complaints).toEqual([])
})
