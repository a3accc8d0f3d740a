import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A PNG of the given size; `colour` gives red, green and blue of a pixel. */
export function png(width: number, height: number, colour: (x: number, y: number) => [number, number, number]): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * (1 + width * 3) + 1 + x * 3)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A confusion matrix of three classes. */
export const confusionMatrix = () => {
  const cells = [0.98, 0.02, 0.0, 0.03, 0.85, 0.12, 0.01, 0.09, 0.9]
  return png(480, 480, (x, y) => {
    const [column, row] = [Math.floor((x - 30) / 140), Math.floor((y - 30) / 140)]
    const edge = (x - 30) % 140 < 2 || (y - 30) % 140 < 2
    if (x < 30 || y < 30 || column > 2 || row > 2 || edge) return [255, 255, 255]
    const value = cells[row * 3 + column] ?? 0
    return [247 - 230 * value, 251 - 150 * value, 255 - 90 * value]
  })
}

/** Horizontal bars, the longest first. */
export const featureImportance = () => {
  const bars = [0.92, 0.71, 0.24, 0.11]
  return png(560, 320, (x, y) => {
    const bar = Math.floor((y - 20) / 70)
    const inside = y >= 20 && (y - 20) % 70 < 48 && x >= 60 && x < 60 + 460 * (bars[bar] ?? 0)
    if (inside) return [15, 118, 110]
    return x >= 58 && x < 60 ? [60, 60, 60] : [255, 255, 255]
  })
}
