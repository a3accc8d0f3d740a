export type PreviewKind = 'image' | 'html' | 'json' | 'csv' | 'model' | 'media' | 'text'

const BY_EXTENSION: Record<string, PreviewKind> = {
  ...Object.fromEntries(['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'svg', 'avif', 'ico'].map((one) => [one, 'image' as const])),
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

/** Whether a file's start, read as UTF-8, is no text: it holds NUL, or much that did not decode. */
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, SAMPLE)
  if (sample.includes('\0')) return true
  const broken = sample.split('\uFFFD').length - 1
  return broken > sample.length / 50
}
