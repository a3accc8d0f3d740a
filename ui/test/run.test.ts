import { expect } from 'vitest'
import { seen, test } from './page'

test('curves share charts by name, by prefix, or stand alone', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'FINISHED')!
  await page.goto(`${url}/runs/${run.id}/charts`)
  const chart = (title: string) => page.getByRole('figure', { name: `Chart of ${title}`, exact: true })
  await chart('loss').getByText('val/loss').waitFor()
  await page.getByRole('button', { name: 'By prefix' }).click()
  await chart('train').getByText('train/accuracy').waitFor()
  await page.getByRole('button', { name: 'Separate' }).click()
  await chart('val/accuracy').waitFor()

  await page.getByRole('searchbox', { name: 'Find a metric' }).fill('val/loss')
  await chart('val/accuracy').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Relative' }).click()
  await page.getByRole('checkbox', { name: 'Log y' }).check()
  await page.getByRole('slider', { name: /Smoothing/ }).fill('0.6')
  await chart('val/loss').hover({ position: { x: 300, y: 100 } })
  await chart('val/loss')
    .getByText(/^\d+ min/)
    .waitFor()
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
    group: 'each',
    find: 'val/loss',
    x: 'relative',
    log: 'y',
    smooth: '0.6',
  })
  expect(complaints).toEqual([])
})

test('what the machine did has a tab of its own', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'FINISHED')!
  await page.goto(`${url}/runs/${run.id}`)
  expect(await page.getByRole('table', { name: 'Metrics' }).getByText('system/').count()).toBe(0)
  await page.getByRole('link', { name: 'System' }).click()
  const chart = page.getByRole('figure', { name: 'Chart of CPU utilization, %' })
  await chart.getByText('system/cpu_utilization_percentage').waitFor()
  await page.getByRole('link', { name: 'Charts' }).click()
  await page.getByRole('figure', { name: 'Chart of loss' }).waitFor()
  await chart.waitFor({ state: 'detached' })

  const still = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${still.id}`)
  await page.getByRole('link', { name: 'Artifacts' }).waitFor()
  expect(await page.getByRole('link', { name: 'System' }).count()).toBe(0)
  expect(complaints).toEqual([])
})

test('a chart grows while its run goes on', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'RUNNING')!
  await page.goto(`${url}/runs/${run.id}/charts?find=train/loss`)
  const chart = page.getByRole('figure', { name: 'Chart of loss' })
  await chart.getByText('train/loss').waitFor()
  run.metrics['train/loss']!.push({ step: 401, timestamp: Date.now(), value: 123.5 })
  state.changed()
  await chart.getByText('123.5').waitFor()
})

test('items say where they came from', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}`)
  const row = page.getByRole('row', { name: /^random_state/ })
  await row.getByTitle('captured by argparse, 80 % sure').waitFor()
  await page.getByRole('checkbox', { name: 'Show sources' }).check()
  await row.getByText('argparse', { exact: true }).waitFor()
})

test('what a run ran in', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}/environment`)
  await seen(page, 'CPython 3.11.7')
  await seen(page, '+model = XGBClassifier(n_estimators=100, max_depth=3)')
  await page.getByRole('searchbox', { name: 'Find a package' }).fill('scikit')
  const packages = page.getByRole('table', { name: 'Packages' }).getByRole('row')
  expect(await packages.allTextContents()).toEqual(['scikit-learn1.9.1'])
  await page.getByRole('link', { name: 'Console' }).click()
  await seen(page, 'accuracy 0.967')
  expect(complaints).toEqual([])
})

test('notes and tags', async ({ page, url, state }) => {
  const run = [...state.runs.values()].filter((one) => one.experimentId === '1')[4]!
  await page.goto(`${url}/runs/${run.id}`)
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Add note…' }).click()
  await page.getByRole('textbox').last().fill('Worth a second look.')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await seen(page, 'Worth a second look.')
  await page.getByRole('button', { name: 'Add tag' }).click()
  await page.getByRole('textbox', { name: 'Tag key' }).fill('team')
  await page.getByRole('textbox', { name: 'Tag value' }).fill('greenhouse')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'Remove tag team' }).click()
  await page.getByRole('button', { name: 'Remove tag team' }).waitFor({ state: 'detached' })
  expect(run.tags.team).toBeUndefined()
})

test('what a run prints is followed to its end, of each of its processes', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'RUNNING')!
  await page.goto(`${url}/runs/${run.id}/console`)
  const print = async (line: string) => {
    run.documents.console += `\n${line}`
    state.changed()
    await seen(page, line)
  }
  const lines = page.locator('.text')
  const rest = () => lines.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop)
  await print('epoch 9 begins')
  await expect.poll(rest).toBeLessThan(2)
  await lines.evaluate((box) => box.scrollTo(0, 100))
  await print('epoch 9 ends')
  expect(await lines.evaluate((box) => box.scrollTop)).toBe(100)

  await page.getByRole('searchbox', { name: 'Find lines' }).fill('EPOCH 9')
  await expect.poll(() => lines.innerText()).toBe('epoch 9 begins\nepoch 9 ends')
  await page.getByRole('searchbox', { name: 'Find lines' }).fill('')
  await page.getByRole('button', { name: 'rank 1' }).click()
  await seen(page, 'rank 1 is ready')
})

test('the parts of a model, and what was set in them', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.documents.structure)!
  await page.goto(`${url}/runs/${run.id}`)
  await page.getByRole('link', { name: 'Structure' }).click()
  const tree = page.getByRole('tree', { name: 'Structure of the model' })
  const scaler = tree.getByText('scale StandardScaler')
  await tree.getByText('with_mean=False').waitFor()
  expect(await tree.getByTitle('instead of True').textContent()).toBe('with_mean=False')
  expect(await tree.getByText('with_std').count()).toBe(0)
  await page.getByRole('checkbox', { name: 'Show every parameter' }).check()
  await tree.getByText('with_std=True').waitFor()
  await tree.getByRole('button', { name: 'Parts of estimator' }).click()
  await scaler.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('what was inferred stands apart, and everything tells its source', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'FINISHED')!
  await page.goto(`${url}/runs/${run.id}`)
  await seen(page, 'tracking 450 ms, 0.025 % of the time')
  await seen(page, 'left out: statistics')
  const params = page.getByRole('table', { name: 'Parameters' })
  await params.getByText('also 0.5').waitFor()
  expect(await params.getByText('warmup').count()).toBe(0)
  const inferred = page.getByRole('table', { name: 'Inferred' })
  expect(await inferred.isVisible()).toBe(false)
  await page.getByText('guessed from what the script did').click()
  expect(await inferred.getByRole('row').first().innerText()).toMatch(/parameter\s+warmup\s+500\s+script\s+60 % sure/)

  await page.getByRole('link', { name: 'Captured' }).click()
  const argparse = page.getByRole('table', { name: 'From argparse' })
  await argparse.getByRole('row', { name: /^parameter lr/ }).waitFor()
  await page.getByRole('searchbox', { name: 'Find an item' }).fill('torch.save')
  await page.getByRole('link', { name: 'checkpoints/last.pt' }).click()
  await page.getByRole('heading', { name: 'checkpoints/last.pt' }).waitFor()
  expect(complaints).toEqual([])
})

test('where data came from, and the files of a run', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'FINISHED')!
  await page.goto(`${url}/runs/${run.id}`)
  await page.getByRole('link', { name: 'Data' }).click()
  const way = page.getByRole('article', { name: 'Dataset X_train' })
  await way.getByText('source=data/labels.csv').waitFor()
  expect(await way.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringMatching(/^pandas\.read_csv\s+source=\S+\s+50,000 rows × 12 columns$/),
    expect.stringMatching(/^train_test_split[^]*from pandas\.read_csv$/),
    expect.stringMatching(/^StandardScaler[^]*from train_test_split \(probably\)$/),
  ])
  await way.getByText('sepal length (cm) moved · petal width (cm) removed since calm-lake-12').waitFor()
  expect(await way.getByRole('row', { name: /^sepal length/ }).innerText()).toMatch(/\s0\.61$/)
  await way.getByText('First rows').click()
  await way.getByRole('cell', { name: '0.613' }).waitFor()
  await page.getByText('not kept: larger than 100 MiB').waitFor()
  await page.getByRole('table', { name: 'Files written' }).getByRole('link', { name: 'config.yaml' }).click()
  await seen(page, 'model: resnet18')
  expect(complaints).toEqual([])
})

test('figures in a gallery, checkpoints with their metrics', async ({ page, url, state, complaints }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '3' && one.status === 'FINISHED')!
  await page.goto(`${url}/runs/${run.id}`)
  const checkpoint = page.getByRole('table', { name: 'Checkpoints' }).getByRole('row').last()
  await checkpoint.waitFor()
  expect(await checkpoint.innerText()).toMatch(/^last\.pt\s+1900\s+0\.42\s+0\.87\s+2\.4 MB$/)

  await page.getByRole('link', { name: 'Figures' }).click()
  const figures = page.getByRole('list', { name: 'Figures' })
  await figures.getByText('epoch 3 · matplotlib.show').waitFor()
  expect(await figures.getByRole('img').evaluateAll((all) => all.map((one) => one.getAttribute('alt')))).toEqual([
    'Importance',
    'Confusion',
  ])
  await expect
    .poll(() =>
      figures
        .getByRole('img')
        .first()
        .evaluate((one: HTMLImageElement) => one.naturalWidth),
    )
    .toBe(560)
  await figures.getByRole('link', { name: 'Confusion' }).click()
  await page.getByRole('heading', { name: 'figures/confusion.png' }).waitFor()
  expect(complaints).toEqual([])
})

test('a dataset tells its columns', async ({ page, url, state }) => {
  const run = [...state.runs.values()].find((one) => one.experimentId === '1')!
  await page.goto(`${url}/runs/${run.id}`)
  await page.getByText('X_train').click()
  await page.getByRole('link', { name: 'Statistics, and where it came from' }).first().click()
  const columns = page.getByRole('table', { name: 'Columns of X_train' }).getByRole('row')
  await columns.last().waitFor()
  const cells = async (row: number) => (await columns.nth(row).innerText()).split(/\t/).map((cell) => cell.trim())
  expect(await cells(1)).toEqual([
    'sepal length (cm)',
    'double',
    '2',
    '5.84',
    '0.83',
    '4.3',
    '4.8',
    '5.8',
    '6.9',
    '7.9',
    '35',
    '',
  ])
  expect(await cells(2)).toEqual([
    'target',
    'long',
    '0',
    '–',
    '–',
    '–',
    '–',
    '–',
    '–',
    '–',
    '≥ 3',
    '0 50 % · 1 25 % · 2 25 %',
  ])
})
