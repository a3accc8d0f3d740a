import type { Axis } from './axis'
import { resolveColor } from './colors'
import type { Brushes, Strand } from './parallel'

export const MARGIN = { top: 44, right: 70, bottom: 16, left: 70 }

export type Layout = { width: number; height: number; gap: number; inner: number }

export function layoutOf(width: number, height: number, axes: number): Layout {
  const gap = (width - MARGIN.left - MARGIN.right) / Math.max(1, axes - 1)
  return { width, height, gap, inner: height - MARGIN.top - MARGIN.bottom }
}

const LINE_HEIGHT = 12

type Scene = {
  axes: Axis[]
  kept: Strand[]
  faded: Strand[]
  hovered: Strand | undefined
  brushes: Brushes
  layout: Layout
}

function strandPath(context: CanvasRenderingContext2D, { places }: Strand, { gap, inner }: Layout) {
  context.beginPath()
  let drawing = false
  for (const [index, place] of places.entries()) {
    if (place === undefined) {
      drawing = false // a missing value breaks the line
      continue
    }
    const [x, y] = [MARGIN.left + index * gap, MARGIN.top + (1 - place) * inner]
    if (drawing) context.lineTo(x, y)
    else context.moveTo(x, y)
    drawing = true
  }
  context.stroke()
}

function drawAxis(context: CanvasRenderingContext2D, axis: Axis, x: number, scene: Scene, ink: Record<string, string>) {
  const { layout, brushes } = scene
  context.strokeStyle = ink.line!
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(x, MARGIN.top)
  context.lineTo(x, MARGIN.top + layout.inner)
  context.stroke()

  const brush = brushes[axis.id]
  if (brush) {
    const [top, bottom] = [MARGIN.top + (1 - brush[1]) * layout.inner, MARGIN.top + (1 - brush[0]) * layout.inner]
    context.fillStyle = ink.brush!
    context.fillRect(x - 7, top, 14, bottom - top)
    context.strokeStyle = ink.accent!
    context.strokeRect(x - 7, top, 14, bottom - top)
  }

  context.textAlign = 'left'
  let last = Infinity
  for (const { at, text } of axis.ticks) {
    const y = MARGIN.top + (1 - at) * layout.inner
    if (last - y < LINE_HEIGHT) continue // it would lie on the one below
    last = y
    // A halo keeps the text readable over the lines.
    context.lineWidth = 3
    context.strokeStyle = ink.back!
    context.strokeText(text, x + 6, y)
    context.fillStyle = ink.soft!
    context.fillText(text, x + 6, y)
  }
}

/** Draws the lines, those that were brushed away faint, then the axes over them. */
export function drawParallel(canvas: HTMLCanvasElement, scene: Scene) {
  const { layout, axes, kept, faded, hovered } = scene
  const ratio = window.devicePixelRatio || 1
  canvas.width = Math.round(layout.width * ratio)
  canvas.height = Math.round(layout.height * ratio)
  const context = canvas.getContext('2d')
  if (!context) return
  const ink = {
    line: resolveColor(canvas, 'var(--line-strong)'),
    soft: resolveColor(canvas, 'var(--text-soft)'),
    faint: resolveColor(canvas, 'var(--line)'),
    back: resolveColor(canvas, 'var(--bg)'),
    accent: resolveColor(canvas, 'var(--accent)'),
    brush: resolveColor(canvas, 'color-mix(in srgb, var(--accent) 22%, transparent)'),
  }
  context.scale(ratio, ratio)
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`
  context.textBaseline = 'middle'
  context.lineJoin = 'round'

  context.lineWidth = 1
  context.strokeStyle = ink.faint
  for (const strand of faded) strandPath(context, strand, layout)
  context.lineWidth = kept.length > 150 ? 1 : 1.5
  context.globalAlpha = hovered ? 0.25 : kept.length > 150 ? 0.55 : 0.85
  for (const strand of kept) {
    context.strokeStyle = strand.color
    strandPath(context, strand, layout)
  }
  context.globalAlpha = 1
  if (hovered) {
    context.lineWidth = 3
    context.strokeStyle = hovered.color
    strandPath(context, hovered, layout)
  }
  for (const [index, axis] of axes.entries()) drawAxis(context, axis, MARGIN.left + index * layout.gap, scene, ink)
}
