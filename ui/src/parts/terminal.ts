/** Control sequences of terminals: colours, cursor moves, titles. */
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()].|[@-Z\\^_=>])/g

/** Text as it stands on a terminal in the end: of a line that was drawn anew the last state, without colours. */
export function asPrinted(text: string): string {
  if (!/[\u001b\r]/.test(text)) return text
  return text
    .replace(SEQUENCES, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1))
    .join('\n')
}
