import { expect } from 'vitest'
import { rowsOf, test } from './page'

test('choosing runs and comparing them', async ({ page, url, complaints }) => {
  await page.goto(`${url}/experiments/1`)
  for (const index of [0, 1, 2]) await rowsOf(page, 'Runs').nth(index).getByRole('checkbox').check()
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

test('brushing parallel coordinates', async ({ page, url, complaints, state }) => {
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

test('the parts of models differ in lines', async ({ page, url, state, complaints }) => {
  const runs = [...state.runs.values()].filter((run) => run.documents.structure)
  await page.goto(`${url}/compare?tab=structure#runs=${runs.map((run) => run.id).join(',')}`)
  const rows = rowsOf(page, 'Comparison')
  await rows.getByText('cv', { exact: true }).waitFor()
  expect(await rows.allTextContents()).toEqual(['Structure', 'cv1055'])
  await page.getByRole('checkbox', { name: 'Only differences' }).uncheck()
  await rows.getByText('estimator.scale.with_mean').waitFor()
  expect(complaints).toEqual([])
})

test('brushing with the keyboard', async ({ page, url, state, complaints }) => {
  const parent = [...state.runs.values()].find((run) => run.experimentId === '2' && run.modelIds.length)!
  const children = [...state.runs.values()].filter((run) => run.tags['mlflow.parentRunId'] === parent.id)
  await page.goto(`${url}/compare?tab=parallel#runs=${children.map((run) => run.id).join(',')}`)
  const axis = page.getByRole('button', { name: 'mean_test_score' })
  await axis.focus()
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp')
  const scores = children.map((run) => run.metrics.mean_test_score![0]!.value)
  const [low, high] = [Math.min(...scores), Math.max(...scores)]
  const kept = scores.filter((score) => score >= low + 0.4 * (high - low)).length
  await page.getByText(`${kept} of 24 runs`).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText(/^\d+ of 24 runs$/).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
