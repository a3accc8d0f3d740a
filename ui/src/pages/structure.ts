import type { StructureNode, StructureParam } from '../api/captured'
import { formatCount } from '../parts/format/number'

/** Whether somebody chose the value: it is not the default, or there is none. */
export const isSet = ({ value, default: usual }: StructureParam) => usual !== value

/** The parameters of a part, without those that are parts themselves: these stand below it. */
export const ownParams = ({ params = [], children = [] }: StructureNode) =>
  params.filter(({ name, value }) =>
    children.every((child) => child.name !== name && !value.includes(`${child.class}(`)),
  )

/** What a layer is: its shapes, how many numbers it holds, and whether they are trained. */
export function layerFacts({ input = [], output = [], parameters, trainable, dtype, device }: StructureNode): string[] {
  const shapes = [input, output].map((side) => side.map((shape) => shape.join('×')).join(', '))
  const facts = shapes.every(Boolean) ? [shapes.join(' → ')] : []
  if (parameters) {
    facts.push(`${formatCount(parameters)} parameters`)
    if (trainable === 0) facts.push('frozen')
    else if (trainable !== undefined && trainable < parameters) facts.push(`${formatCount(trainable)} trained`)
  }
  return [...facts, ...[dtype, device].filter((fact) => fact !== undefined)]
}

/** The parts of a model and their parameters as lines, `scale.with_mean`, so that models can be compared. */
export function structureLines(node: StructureNode, place = ''): Record<string, string> {
  const below = (name: string) => (place ? `${place}.${name}` : name)
  const lines = { [place || 'model']: node.class }
  for (const { name, value } of ownParams(node)) lines[below(name)] = value
  const facts = layerFacts(node)
  if (facts.length) lines[below('(layer)')] = facts.join(' · ')
  for (const [index, child] of (node.children ?? []).entries()) {
    Object.assign(lines, structureLines(child, below(child.name || String(index))))
  }
  return lines
}
