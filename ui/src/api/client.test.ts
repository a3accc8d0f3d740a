import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ApiError, call, get, getTextStart } from './client'

/** A server that answers everything alike. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as ApiError,
  )

test('an error of the server keeps its words, its code and its status', async () => {
  const url = await answering((_, response) => {
    response.writeHead(404)
    response.end('{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No run x."}')
  })
  expect(await errorOf(get(url))).toMatchObject({ message: 'No run x.', code: 'RESOURCE_DOES_NOT_EXIST', status: 404 })
})

test('an error that is not one of ours tells the status', async () => {
  const url = await answering((_, response) => {
    response.writeHead(502)
    response.end('<html>proxy</html>')
  })
  expect((await errorOf(call('POST', url, {})))?.message).toBe('The server answered 502 Bad Gateway')
})

test('a server that is gone, or goes in the midst of an answer, cannot be reached', async () => {
  expect(await errorOf(get('http://127.0.0.1:1/'))).toMatchObject({ code: 'UNREACHABLE' })
  const url = await answering((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('{')
    setTimeout(() => response.destroy(), 20)
  })
  expect(await errorOf(get(url))).toMatchObject({ code: 'UNREACHABLE' })
})

test('who gives up gets no error of ours', async () => {
  const url = await answering(() => {})
  const giving = new AbortController()
  const error = errorOf(get(url, giving.signal))
  giving.abort()
  expect((await error)?.name).toBe('AbortError')
})

test('an answer without a body is an empty object', async () => {
  const url = await answering((_, response) => void response.end())
  expect(await call('POST', url, {})).toEqual({})
})

test('the start of a long text, whether or not the server knows ranges', async () => {
  const ranged = await answering((request, response) => {
    expect(request.headers.range).toBe('bytes=0-3')
    response.writeHead(206, { 'Content-Range': 'bytes 0-3/10' })
    response.end('0123')
  })
  expect(await getTextStart(ranged, 4)).toEqual({ text: '0123', cut: true })
  const plain = await answering((_, response) => void response.end('0123456789'))
  expect(await getTextStart(plain, 4)).toEqual({ text: '0123', cut: true })
  expect(await getTextStart(plain, 20)).toEqual({ text: '0123456789', cut: false })
})
