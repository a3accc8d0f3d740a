import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apiHandler, PAGE_POLICY } from '../mock/server.ts'
import type { State } from '../mock/state.ts'

const DIST = fileURLToPath(new URL('../dist', import.meta.url))
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

/** The built page over a mock API, as the real server serves it: strict policy, any other path is the page. */
export async function serve(state: State): Promise<{ url: string; server: Server }> {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('The page is not built: run `npm run build` first.')
  const api = apiHandler(state)
  const server = createServer((request, response) => {
    void api(request, response).then((answered) => {
      if (answered) return
      const path = join(DIST, normalize(new URL(request.url ?? '/', 'http://page').pathname))
      const file = extname(path) && existsSync(path) ? path : join(DIST, 'index.html')
      response.writeHead(200, {
        'Content-Type': TYPES[extname(file)] ?? 'text/html',
        'Content-Security-Policy': PAGE_POLICY,
      })
      response.end(readFileSync(file))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
