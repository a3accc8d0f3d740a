import { expect, test } from 'vitest'
import { groupSystemMetrics, isSystemMetric } from './system-metrics'

test('what belongs together shares a chart', () => {
  const keys = [
    'process_count',
    'network_receive_megabytes',
    'network_transmit_megabytes',
    'process_disk_read_megabytes',
    'process_disk_write_megabytes',
    'disk_usage_percentage',
    'gpu_0_utilization_percentage',
    'gpu_1_utilization_percentage',
    'gpu_0_memory_usage_megabytes',
    'gpu_0_process_memory_usage_megabytes',
    'gpu_0_temperature_celsius',
    'system_memory_usage_megabytes',
    'process_memory_usage_megabytes',
    'cpu_utilization_percentage',
    'process_cpu_utilization_percentage',
    'node-1/cpu_utilization_percentage',
  ].map((key) => `system/${key}`)
  expect(keys.every(isSystemMetric)).toBe(true)
  const shape = groupSystemMetrics(keys).map(({ title, keys }) => `${title}: ${keys.length}`)
  expect(shape).toEqual([
    'CPU utilization, %: 3',
    'Memory usage, MB: 2',
    'GPU memory usage, MB: 2',
    'GPU temperature, °C: 1',
    'GPU utilization, %: 2',
    'Disk traffic, MB: 2',
    'Disk usage, %: 1',
    'Network traffic, MB: 2',
    'Process count: 1',
  ])
})
