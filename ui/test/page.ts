import type { BrowserContext, Page } from 'playwright-core'
import { test as base } from 'vitest'
import { exampleState } from '../mock/fixtures/index.ts'
import type { State } from '../mock/state.ts'
import { launch } from './chromium'
import { serve } from './serve'

type Parts = {
  browser: BrowserContext
  /** What the mock server holds; a test may change it as another client would. */
  state: State
  url: string
  page: Page
  /** What the page complained about, and what it asked of other hosts. */
  complaints: string[]
}

/** A test with the built page over a mock server of its own, and one Chromium for the tests of a file. */
export const test = base.extend<Parts>({
  browser: [
    async ({}, use) => {
      const browser = await launch()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  state: async ({}, use) => use(exampleState(Date.now()).state),
  url: async ({ state }, use) => {
    const { url, server } = await serve(state)
    await use(url)
    server.closeAllConnections()
    server.close()
  },
  complaints: async ({}, use) => use([]),
  page: async ({ browser, url, complaints }, use) => {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('request', (request) => request.url().startsWith(url) || complaints.push(`asked for ${request.url()}`))
    await use(page)
    await page.close()
  },
})

export const rowsOf = (page: Page, table: string) =>
  page.getByRole('table', { name: table }).locator('tbody tr:not([aria-hidden])')

export const seen = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

export const runNamed = (state: State, name: string) => [...state.runs.values()].find((run) => run.name === name)!
