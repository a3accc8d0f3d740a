const TRIMMED = /\.?0+$/

/**
 * A number as text, short enough for a table: six significant digits, and powers of ten where plain digits would
 * be long. `NaN`, `∞` and `−∞` for what is not finite.
 */
export function formatNumber(value: number, digits = 6): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return minus(String(value))
  const size = Math.abs(value)
  if (size >= 1e9 || size < 1e-4) {
    const [mantissa = '', exponent = ''] = value.toExponential(Math.max(0, digits - 2)).split('e')
    return minus(`${mantissa.includes('.') ? mantissa.replace(TRIMMED, '') : mantissa}e${exponent.replace('+', '')}`)
  }
  const text = value.toPrecision(digits)
  const plain = text.includes('e') ? String(Number(text)) : text
  return minus(plain.includes('.') ? plain.replace(TRIMMED, '') : plain)
}

/** Like `formatNumber`, but with five decimals where that says enough, so that the points of a column line up. */
export function formatInColumn(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) || !Number.isFinite(value) || size < 0.01 || size >= 1e5) return formatNumber(value, 5)
  return minus(size < 10 ? value.toFixed(5) : value.toPrecision(6))
}

/** The true minus sign is as wide as a digit, so that columns line up. */
const minus = (text: string) => text.replaceAll('-', '−')

/** `1,234,567`. */
export const formatCount = (value: number) => value.toLocaleString('en-US')

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Decimal units: `181 kB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
