import { own, type ArtifactOwner } from '../paths'
import { get, getTextStart } from './client'
import type { Schema } from './schema'

/** `path` is relative to the owner's root. */
export type FileInfo = { path: string; isDir: boolean; size?: number | undefined }

/** One folder of the tree, folders first, then by name. */
export async function listArtifacts(owner: ArtifactOwner, path: string, signal?: AbortSignal): Promise<FileInfo[]> {
  const { files = [] } = await get<Schema<'Files'>>(own.artifacts(owner, path), signal)
  return files
    .map((file) => ({ path: file.path, isDir: file.is_dir, size: file.file_size }))
    .sort((a, b) => Number(b.isDir) - Number(a.isDir) || a.path.localeCompare(b.path, 'en', { numeric: true }))
}

/** Longer files are shown up to here; the rest is for downloading. */
const PREVIEW_BYTES = 1 << 20

export const previewText = (owner: ArtifactOwner, path: string, signal?: AbortSignal) =>
  getTextStart(own.artifact(owner, path), PREVIEW_BYTES, signal)

/** A model that the script saved while it trained, with the metrics as they stood. */
export type Checkpoint = {
  path: string
  file: string
  step: number | null
  epoch: number | null
  metrics: Record<string, number>
  size: number
  source: string
}

export const CHECKPOINT_INDEX = 'checkpoints/index.json'

export const getCheckpoints = (runId: string, signal?: AbortSignal) =>
  get<Checkpoint[]>(own.artifact({ runId }, CHECKPOINT_INDEX), signal)
