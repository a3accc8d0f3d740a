/** Rows come and go so many at a time: fewer changes of the document while scrolling. */
const STEP = 4

/** Which of many equally high rows are in view: indexes `[from, to)` with some to spare on both sides. */
export function rowWindow(scroll: number, height: number, row: number, count: number, spare = 8): [number, number] {
  const from = Math.max(0, Math.floor(scroll / row / STEP) * STEP - spare)
  const to = Math.min(count, Math.ceil((scroll + height) / row / STEP) * STEP + spare)
  return [Math.min(from, to), to]
}

/** Which columns are in view, and how wide those before and after them are together. */
export function columnWindow(scroll: number, width: number, widths: number[], spare = 300) {
  let [from, to] = [0, widths.length]
  let [left, before, after] = [0, 0, 0]
  for (const [index, each] of widths.entries()) {
    const right = left + each
    if (right < scroll - spare) {
      from = index + 1
      before = right
    }
    if (left > scroll + width + spare && to === widths.length) to = index
    if (index >= to) after += each
    left = right
  }
  return { from, to, before, after }
}
