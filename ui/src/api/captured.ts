import { own } from '../paths'
import { get, getText } from './client'
import type { Schema } from './schema'

export type CapturedKind = 'param' | 'metric' | 'tag' | 'dataset' | 'artifact' | 'model'
export type Captured = Schema<'Captured'>

/** Where each item of a run came from. */
export async function getCaptured(runId: string, signal?: AbortSignal): Promise<Captured[]> {
  return (await get<Schema<'CapturedItems'>>(own.captured(runId), signal)).items
}

export type DocumentKind = 'environment' | 'git' | 'console' | 'traceback'

export async function listDocuments(runId: string, signal?: AbortSignal): Promise<string[]> {
  const { documents } = await get<Schema<'Documents'>>(own.documents(runId), signal)
  return documents.map(({ kind }) => kind)
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
