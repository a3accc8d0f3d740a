import type { Connect, Plugin } from 'vite'
import { exampleState, live } from './fixtures/index.ts'
import { apiHandler, PAGE_POLICY } from './server.ts'

/** Serves the mock API beside the page in `vite` and `vite preview`. */
export function mockServer(): Plugin {
  const install = (middlewares: Connect.Server, policy: boolean) => {
    const { state, vision, grid } = exampleState(Date.now())
    live(state, vision, grid)
    const handle = apiHandler(state)
    middlewares.use((request, response, next) => {
      if (policy) response.setHeader('Content-Security-Policy', PAGE_POLICY)
      handle(request, response).then((answered) => answered || next(), next)
    })
  }
  return {
    name: 'trackline-mock',
    configureServer: (server) => install(server.middlewares, false),
    configurePreviewServer: (server) => install(server.middlewares, true),
  }
}
