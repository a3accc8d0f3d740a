import type { ChartGroup } from './run/chart-groups'

/** What the machine did beside a run: MLflow's `system/cpu_utilization_percentage` and the like. */
export const isSystemMetric = (key: string) => key.startsWith('system/')

const UNITS: Record<string, string> = { percentage: '%', megabytes: 'MB', watts: 'W', celsius: '°C' }
const ORDER = ['CPU', 'Memory', 'GPU', 'Disk', 'Network']

/** `system/gpu_1_process_memory_usage_megabytes` → `GPU memory usage, MB`, which all devices and processes share. */
function titleOf(key: string): string {
  const [, name, unit] = /([^/]+?)(?:_(percentage|megabytes|watts|celsius))?$/.exec(key)!
  const what = name!
    .replace(/^system_|process_(?!count)/, '')
    .replace(/^gpu_\d+/, 'GPU')
    .replace(/^cpu/, 'CPU')
    .replace(/_(read|write|receive|transmit)$/, ' traffic')
    .replaceAll('_', ' ')
  const title = what[0]!.toUpperCase() + what.slice(1)
  return unit ? `${title}, ${UNITS[unit]}` : title
}

/** System metrics in charts: the machine beside the processes of the run, device beside device. */
export function groupSystemMetrics(keys: string[]): ChartGroup[] {
  const groups = new Map<string, ChartGroup>()
  for (const key of keys) {
    const title = titleOf(key)
    const group = groups.get(title)
    if (group) group.keys.push(key)
    else groups.set(title, { section: '', title, keys: [key] })
  }
  const rank = ({ title }: ChartGroup) => {
    const place = ORDER.findIndex((word) => title.startsWith(word))
    return place < 0 ? ORDER.length : place
  }
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title))
}
