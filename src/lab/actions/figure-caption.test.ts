import { expect, it } from 'vitest';
import { figureCaption } from './figure-caption';
import { sampleModelRun, sampleRun } from '../../testing/sample-run';

it('tells the settings of a run', () => {
  expect(figureCaption([sampleRun])).toEqual([
    'Signs cross',
    '20 % of noise added, seed 4294967295, 2 of 9 pixels held',
    'Dense, degree 3, gain 1',
    'even-odd, Picard',
    'tolerance 10⁻⁴',
    'WebGPU, float32',
  ]);
});

it('tells of several runs what they share', () => {
  const other = {
    ...sampleRun,
    memory: { kind: 'modern', sharpness: 8 },
    settings: { ...sampleRun.settings, schedule: 'synchronous' },
  } as const;
  expect(figureCaption([sampleRun, other])).toEqual([
    'Signs cross',
    '20 % of noise added, seed 4294967295, 2 of 9 pixels held',
    'tolerance 10⁻⁴',
    'WebGPU, float32',
  ]);
  expect(figureCaption([])).toEqual([]);
});

it('leaves out what was not done, and says what is unusual', () => {
  const run = {
    ...sampleRun,
    cue: { picture: sampleRun.cue.picture, memory: null, corruption: null, memoryStart: 'zero' },
    memory: { kind: 'classical', gain: 1.5, dynamics: 'chn' },
    settings: { ...sampleRun.settings, criterion: 'step', tolerance: 0.003 },
    engine: { kind: 'cpu', precision: 'float32', software: true },
  } as const;
  expect(figureCaption([run])).toEqual([
    'Signs drawing',
    'Classical CHN, gain 1.5',
    'memory units from zero',
    'even-odd, Picard',
    'tolerance 0.003 on the step residual',
    'CPU, float32',
  ]);
});

it('tells of a trained network what it read', () => {
  expect(figureCaption([sampleModelRun]).slice(0, 3)).toEqual([
    'drawing',
    'three-layer HAM',
    'even-odd, Picard',
  ]);
});
