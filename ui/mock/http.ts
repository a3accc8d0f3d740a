import type { IncomingMessage, ServerResponse } from 'node:http'

/** An answer that is an error, in MLflow's form. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export const notFound = (what: string) => new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `No ${what}.`)
export const invalid = (message: string) => new Refusal(400, 'INVALID_PARAMETER_VALUE', message)

export type Body = Record<string, unknown>
export type Ask = { path: string; query: URLSearchParams; body: Body; text: (name: string) => string }

/** What a route answers: JSON, or bytes with a type. */
export type Answer = object | { bytes: Buffer; type: string }
export type Route = (ask: Ask) => Answer

export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text ? (JSON.parse(text) as Body) : {}
}

export function sendJson(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}

/** What the server sends with artifacts, so that none can script the page. */
const ARTIFACT_POLICY = "sandbox; default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; media-src 'self'"

export function sendBytes(request: IncomingMessage, response: ServerResponse, bytes: Buffer, type: string) {
  const headers = {
    'Content-Type': type,
    'Content-Security-Policy': ARTIFACT_POLICY,
    'X-Content-Type-Options': 'nosniff',
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!range || !bytes.length) {
    response.writeHead(200, headers)
    response.end(bytes)
    return
  }
  const [from, to] = [Number(range[1]), Math.min(Number(range[2] || Infinity), bytes.length - 1)]
  response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${to}/${bytes.length}` })
  response.end(bytes.subarray(from, to + 1))
}
