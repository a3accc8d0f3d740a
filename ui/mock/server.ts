import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, Refusal, sendBytes, sendJson, type Answer, type Ask, type Route } from './http.ts'
import { experimentRoutes } from './routes/experiments.ts'
import { ownRoutes } from './routes/own.ts'
import { registryRoutes } from './routes/registry.ts'
import { runRoutes } from './routes/runs.ts'
import type { State } from './state.ts'

const MLFLOW = '/ajax-api/2.0/mlflow/'
const OWN = '/api/trackline/'

/** At least as strict as what the server sends with the page; the tests prove that the page works under it. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "frame-src 'self'; font-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"

/** The longest route that the path begins with, so that ids may follow a name. */
function match(routes: Record<string, Route>, method: string, path: string): Route | undefined {
  const names = path.split('/')
  for (let length = names.length; length > 0; length--) {
    const route = routes[`${method} ${names.slice(0, length).join('/')}`]
    if (route) return route
  }
  return undefined
}

/** Answers the API's requests out of `state`; says false to others. */
export function apiHandler(state: State) {
  const mlflow = { ...experimentRoutes(state), ...runRoutes(state), ...registryRoutes(state) }
  const own = ownRoutes(state)

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://mock')
    const prefix = [MLFLOW, OWN].find((start) => url.pathname.startsWith(start))
    if (!prefix) return false
    const path = url.pathname.slice(prefix.length)
    const route = match(prefix === OWN ? own : mlflow, request.method ?? 'GET', path)
    try {
      if (!route) throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `${request.method} ${url.pathname} is not served.`)
      const body = await readBody(request)
      const text = (name: string) => String(body[name] ?? url.searchParams.get(name) ?? '')
      const answer: Answer = route({ path, query: url.searchParams, body, text } satisfies Ask)
      if ('bytes' in answer) sendBytes(request, response, answer.bytes, answer.type)
      else sendJson(response, 200, answer)
    } catch (error) {
      if (error instanceof Refusal) sendJson(response, error.status, { error_code: error.code, message: error.message })
      else sendJson(response, 500, { error_code: 'INTERNAL_ERROR', message: String(error) })
    }
    return true
  }
}
