import { expect, test } from 'vitest'
import { groupCharts, type Grouping } from './chart-groups'

const KEYS = ['train/loss', 'val/loss', 'train/acc', 'lr', 'validation_0-logloss', 'validation_1-logloss']
const shape = (grouping: Grouping) =>
  groupCharts(KEYS, grouping).map(({ section, title, keys }) => `${section}|${title}: ${keys.join(' ')}`)

test('by name, what is measured on several sets shares a chart', () => {
  expect(shape('name')).toEqual([
    '|loss: train/loss val/loss',
    '|acc: train/acc',
    '|lr: lr',
    '|logloss: validation_0-logloss validation_1-logloss',
  ])
})

test('by prefix, what is measured on one set shares a chart', () => {
  expect(shape('prefix')).toEqual([
    '|train: train/loss train/acc',
    '|val: val/loss',
    '|lr: lr',
    '|validation_0: validation_0-logloss',
    '|validation_1: validation_1-logloss',
  ])
})

test('separately, each has its chart under its prefix', () => {
  expect(groupCharts(KEYS, 'each').map(({ section, title }) => [section, title])).toEqual([
    ['', 'lr'],
    ['train', 'train/loss'],
    ['train', 'train/acc'],
    ['val', 'val/loss'],
    ['validation_0', 'validation_0-logloss'],
    ['validation_1', 'validation_1-logloss'],
  ])
})

test('what was inferred shares no chart with what was declared', () => {
  expect(groupCharts(['inferred/loss', 'train/loss'], 'name')).toEqual([
    { section: '', title: 'loss', keys: ['train/loss'] },
    { section: 'Inferred', title: 'loss', keys: ['inferred/loss'] },
  ])
})
