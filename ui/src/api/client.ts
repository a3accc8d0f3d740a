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

/** What was answered, whole; any trouble on the way is an `ApiError`, unless the caller gave up. */
async function send(url: string, init: RequestInit): Promise<{ text: string; headers: Headers }> {
  try {
    const response = await fetch(url, init)
    if (!response.ok) throw await failure(response)
    return { text: await response.text(), headers: response.headers }
  } catch (error) {
    if (error instanceof ApiError || init.signal?.aborted) throw error
    throw new ApiError('The server cannot be reached. Is it still running?', 0, 'UNREACHABLE')
  }
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return JSON.parse(await getText(url, signal)) as T
}

export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  return (await send(url, { signal: signal ?? null })).text
}

/** The first `limit` bytes of a file as text, and whether there is more. */
export async function getTextStart(url: string, limit: number, signal?: AbortSignal) {
  const { text, headers } = await send(url, { signal: signal ?? null, headers: { Range: `bytes=0-${limit - 1}` } })
  const total = Number(headers.get('Content-Range')?.split('/')[1])
  return { text: text.slice(0, limit), cut: total > limit || text.length > limit }
}

type Method = 'POST' | 'PATCH' | 'DELETE'

export async function call<T>(method: Method, url: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const { text } = await send(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  })
  return (text ? JSON.parse(text) : {}) as T
}
