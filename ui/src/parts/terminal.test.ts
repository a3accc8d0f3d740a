import { expect, test } from 'vitest'
import { asPrinted } from './terminal'

test.each([
  ['plain\n  text\n', 'plain\n  text\n'],
  ['10%\r50%\r100%\ndone\n', '100%\ndone\n'],
  ['dos\r\nlines\r\n', 'dos\nlines\n'],
  ['\u001b[1;32mgreen\u001b[0m \u001b]0;title\u0007end', 'green end'],
])('%j stands there as %j', (text, printed) => {
  expect(asPrinted(text)).toBe(printed)
})
