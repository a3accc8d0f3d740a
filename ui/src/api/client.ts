/** An answer of the server that is not what was asked for. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(message)
  }
}

async function failure(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '')
  try {
    const { error_code, message } = JSON.parse(text) as { error_code?: string; message?: string }
    if (message) return new ApiError(message, response.status, error_code ?? '')
  } catch {
    // not one of our errors: a proxy's page, say
  }
  return new ApiError(`The server answered ${response.status} ${response.statusText}`.trim(), response.status, '')
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError('The server cannot be reached. Is it still running?', 0, 'UNREACHABLE')
  }
  if (!response.ok) throw await failure(response)
  return response
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return (await send(url, { signal: signal ?? null })).json() as Promise<T>
}

export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  return (await send(url, { signal: signal ?? null })).text()
}

/** The first `limit` bytes of a file as text, and whether there is more. */
export async function getTextStart(url: string, limit: number, signal?: AbortSignal) {
  const response = await send(url, { signal: signal ?? null, headers: { Range: `bytes=0-${limit - 1}` } })
  const total = Number(response.headers.get('Content-Range')?.split('/')[1] ?? response.headers.get('Content-Length'))
  const text = await response.text()
  return { text: text.slice(0, limit), cut: total > limit || text.length > limit }
}

type Method = 'POST' | 'PATCH' | 'DELETE'

export async function call<T>(method: Method, url: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  })
  const text = await response.text()
  return (text ? JSON.parse(text) : {}) as T
}
