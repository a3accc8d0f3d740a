import type { Environment, Git } from '../../api/captured'
import { formatBytes } from '../../parts/format/number'

export type Fact = [name: string, value: string]

const filled = (facts: [string, string | undefined][]): Fact[] => facts.filter((fact): fact is Fact => Boolean(fact[1]))

const pythonOf = (python: Environment['python']): string | undefined =>
  typeof python === 'object' ? [python.implementation, python.version].filter(Boolean).join(' ') : python

const gpuOf = (gpu: NonNullable<Environment['gpus']>[number]): string => {
  if (typeof gpu === 'string') return gpu
  const more = [gpu.memory_bytes && formatBytes(gpu.memory_bytes), gpu.driver && `driver ${gpu.driver}`].filter(Boolean)
  return [gpu.name ?? 'GPU', ...more].join(', ')
}

/** A shell would need quotes around this. */
const shellWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** What is known of the machine, in lines; what was not recorded is left out. */
export function factsOf(environment: Environment): Fact[] {
  const { cpu, gpus = [], argv } = environment
  const cores = cpu?.cores ? `${cpu.cores} cores` : undefined
  return filled([
    ['Command', argv?.map(shellWord).join(' ')],
    ['Python', pythonOf(environment.python)],
    ['System', [environment.os, environment.kernel].filter(Boolean).join(', ')],
    ['Host', environment.hostname],
    ['Processor', [cpu?.model, cores].filter(Boolean).join(', ')],
    ['Memory', environment.memory_bytes ? formatBytes(environment.memory_bytes) : undefined],
    ...gpus.map((gpu, index): [string, string] => [gpus.length > 1 ? `GPU ${index}` : 'GPU', gpuOf(gpu)]),
  ])
}

export const gitFacts = (git: Git): Fact[] =>
  filled([
    ['Commit', git.commit && (git.dirty ? `${git.commit}, with uncommitted changes` : git.commit)],
    ['Branch', git.branch],
    ['Remote', git.remote],
  ])
