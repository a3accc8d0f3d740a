export type PreviewKind = 'image' | 'html' | 'json' | 'csv' | 'model' | 'media' | 'text'

const BY_EXTENSION: Record<string, PreviewKind> = {
  ...Object.fromEntries(
    ['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'svg', 'avif', 'ico'].map((one) => [one, 'image' as const]),
  ),
  html: 'html',
  htm: 'html',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
  mp4: 'media',
  webm: 'media',
  mp3: 'media',
  wav: 'media',
  ogg: 'media',
}

/** How to show a file, by its name. What is not known is tried as text: see `looksBinary`. */
export function previewKind(path: string): PreviewKind {
  const name = path.split('/').pop() ?? ''
  if (name === 'MLmodel') return 'model'
  return BY_EXTENSION[name.split('.').pop()?.toLowerCase() ?? ''] ?? 'text'
}

const SAMPLE = 4096

/** What texts do not hold: control characters but for tabs, line ends and escapes, and what did not decode. */
const UNPRINTABLE = /[\u0001-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g

/** Whether a file's start, read as UTF-8, is no text: it holds NUL, or much that is not printable. */
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, SAMPLE)
  return sample.includes('\0') || (sample.match(UNPRINTABLE)?.length ?? 0) > sample.length / 50
}
