import { own } from '../paths'
import { get, getText } from './client'
import type { Schema } from './schema'

export type CapturedKind = 'param' | 'metric' | 'tag' | 'dataset' | 'artifact' | 'model'
export type Captured = Schema<'Captured'>

/** Where each item of a run came from. */
export async function getCaptured(runId: string, signal?: AbortSignal): Promise<Captured[]> {
  return (await get<Schema<'CapturedItems'>>(own.captured(runId), signal)).items
}

/** `console.rank-1`, `traceback.rank-1` and the like are of the other processes of a run. */
export type DocumentKind =
  | 'environment'
  | 'git'
  | 'structure'
  | 'lineage'
  | 'files'
  | 'figures'
  | 'traceback'
  | `traceback.${string}`
  | 'console'
  | `console.${string}`

export const isTraceback = (kind: string): kind is DocumentKind => kind === 'traceback' || kind.startsWith('traceback.')

export const isConsole = (kind: string): kind is DocumentKind => kind === 'console' || kind.startsWith('console.')

export async function listDocuments(runId: string, signal?: AbortSignal): Promise<string[]> {
  const { documents } = await get<Schema<'Documents'>>(own.documents(runId), signal)
  return documents.map(({ kind }) => kind)
}

export type ParamValue = Schema<'ParamValue'>

/** Every value of the params that were given more than one. */
export async function getParamHistory(runId: string, signal?: AbortSignal): Promise<ParamValue[]> {
  return (await get<Schema<'ParamHistory'>>(own.paramHistory(runId), signal)).values
}

export const getDocumentText = (runId: string, kind: DocumentKind, signal?: AbortSignal) =>
  getText(own.document(runId, kind), signal)

export const getDocument = <T>(runId: string, kind: DocumentKind, signal?: AbortSignal) =>
  get<T>(own.document(runId, kind), signal)

/** What a run knows of the machine it ran on; every part may be missing. */
export type Environment = {
  python?: string | { version?: string; implementation?: string }
  os?: string
  kernel?: string
  hostname?: string
  cpu?: { model?: string; cores?: number }
  memory_bytes?: number
  gpus?: ({ name?: string; memory_bytes?: number; driver?: string } | string)[]
  packages?: { name: string; version: string }[]
  argv?: string[]
  variables?: Record<string, string>
}

export type Git = { commit?: string; branch?: string; remote?: string; dirty?: boolean; diff?: string }

/** An estimator, step or layer; `name` is what its parent knows it by. */
export type StructureNode = {
  name?: string
  class: string
  module?: string
  params?: StructureParam[]
  children?: StructureNode[]
  /** Of a layer: how many numbers it holds, and how many of them are trained. */
  parameters?: number
  trainable?: number
  dtype?: string
  device?: string
  /** Shapes of what went in and what came out. */
  input?: number[][]
  output?: number[][]
}

/** `default` is missing if the parameter must be given. */
export type StructureParam = { name: string; value: string; default?: string | null }

export type DatasetDrift = Schema<'DatasetDrift'>

/** How the datasets of a run differ from those of the run before. */
export async function getDrift(runId: string, signal?: AbortSignal): Promise<DatasetDrift[]> {
  return (await get<Schema<'DriftOfRun'>>(own.drift(runId), signal)).datasets
}

/** Undefined for a run that has none. */
export async function getStructure(runId: string, signal?: AbortSignal): Promise<StructureNode | undefined> {
  const kinds = await listDocuments(runId, signal)
  return kinds.includes('structure') ? getDocument<StructureNode>(runId, 'structure', signal) : undefined
}

/** How data came to the models of a run. */
export type Lineage = { steps: LineageStep[]; used: LineageUse[] }

/** Something that made data of what the steps `from` made; `inferred` are those of them that were found by likeness. */
export type LineageStep = {
  id: number
  what: string
  detail: Record<string, string>
  rows: number | null
  columns?: number
  from: number[]
  inferred?: number[]
}

export type LineageUse = {
  name: string
  digest?: string
  context?: string | null
  from: number[]
  preview?: { columns: string[]; rows: string[][] } | null
}

/** What the script read and wrote; `left_out` says why a file was not kept. */
export type FilesDocument = { read: FileAccess[]; written: FileAccess[] }
export type FileAccess = {
  path: string
  size?: number
  digest?: string
  sampled?: boolean
  files?: number
  artifact?: string
  left_out?: string
}

/** `at` are the variables of the loop that a figure was made in. */
export type FigureFacts = {
  path: string
  title: string
  source: string
  time: number
  at?: Record<string, string | number | boolean>
}
