export type Token = { text: string; kind: 'key' | 'string' | 'number' | 'word' | 'plain' }

/** Long files are not coloured: every token is an element. */
const MAX_LENGTH = 200_000
const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g

/** JSON set out with two spaces, cut into what is coloured alike; undefined if it is not JSON or very long. */
export function jsonTokens(json: string): Token[] | undefined {
  let pretty: string
  try {
    pretty = JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return undefined
  }
  if (pretty.length > MAX_LENGTH) return [{ text: pretty, kind: 'plain' }]
  const tokens: Token[] = []
  let end = 0
  for (const match of pretty.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ text: pretty.slice(end, match.index), kind: 'plain' })
    const [text, string, colon, number] = match
    const kind = string ? (colon ? 'key' : 'string') : number ? 'number' : 'word'
    tokens.push({ text, kind })
    end = match.index + text.length
  }
  tokens.push({ text: pretty.slice(end), kind: 'plain' })
  return tokens
}
