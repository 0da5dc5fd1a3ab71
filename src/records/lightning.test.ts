/**
 * scripts/lightning.py: checkpoints of the paper authors' classes become our models, with their trajectories, and go back to the same numbers.
 * Needs a Python with PyTorch, python3 or what ATTRACTOR_PYTHON names; where there is none, these tests are skipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import type { Dynamics } from '../network/network';
import { distance, GOLDEN, goldenQuery, goldenSettings } from '../testing/golden';
import { uniform } from '../testing/random-network';
import { readModel } from './model';

const python = process.env['ATTRACTOR_PYTHON'] ?? 'python3';
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;

const SCRIPT = join(import.meta.dirname, '../../scripts/lightning.py');
const MAKER = join(import.meta.dirname, '../testing/lightning-checkpoints.py');

type Authors = {
  readonly name: string;
  readonly layers: readonly number[];
  readonly ham: boolean;
  readonly layout: 'OneMatrix' | 'EvenOdd';
  readonly transpose: boolean;
  readonly U: unknown;
  readonly W: readonly unknown[];
  readonly b: readonly unknown[];
};

const goldenAuthors = (file: 'tiny3' | 'tiny5', layout: Authors['layout'], dynamics: Dynamics): Authors => {
  const { layers, params } = GOLDEN[file];
  const free = layers.slice(1).map((_, l) => l + 1);
  return {
    name: `${file}-${layout}-${dynamics}`,
    ...{ layers, layout, ham: dynamics === 'ham', transpose: false, U: params['U'] },
    W: free.slice(0, -1).map((l) => params[`W${l}`]),
    b: free.map((l) => params[`b${l}`]),
  };
};

/** For pictures of 3 × 3, each weight another. */
const square = (layout: Authors['layout']): Authors => {
  const random = uniform(5);
  const rows = (n: number, m: number): readonly (readonly number[])[] =>
    Array.from({ length: n }, () => Array.from({ length: m }, () => Math.fround(random())));
  return {
    name: `square-${layout}`,
    ...{ layers: [9, 4, 3, 5, 2], layout, ham: true, transpose: true, U: rows(9, 4) },
    W: [rows(4, 3), rows(3, 5), rows(5, 2)],
    b: [4, 3, 5, 2].map((n) => rows(1, n)[0]),
  };
};

const NETWORKS = [
  goldenAuthors('tiny3', 'OneMatrix', 'ham'),
  goldenAuthors('tiny3', 'EvenOdd', 'chn'),
  goldenAuthors('tiny5', 'OneMatrix', 'chn'),
  goldenAuthors('tiny5', 'EvenOdd', 'ham'),
  square('OneMatrix'),
  square('EvenOdd'),
];

describe.skipIf(!hasTorch)(
  'a checkpoint of the authors’ (ATTRACTOR_PYTHON names a Python with PyTorch)',
  () => {
    let folder: string;
    let lines: readonly unknown[];

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'attractor-lightning-'));
      const { stdout, stderr } = spawnSync(python, [MAKER, SCRIPT, folder, JSON.stringify(NETWORKS)], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      lines = stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
    }, 120_000);

    afterAll(() => rmSync(folder, { recursive: true }));

    const model = (name: string) => readModel(readFileSync(join(folder, `${name}.safetensors`)));

    test('goes to a model and back to the same numbers, with and without --transpose', () => {
      expect(lines.slice(0, NETWORKS.length)).toEqual(
        NETWORKS.map(({ name }) => ({ name, said: '', same: true })),
      );
    });

    test.each(NETWORKS.slice(0, 4))(
      'has the authors’ own trajectory: $name',
      async ({ name, layers, ham, layout }) => {
        const golden = GOLDEN[name.startsWith('tiny3') ? 'tiny3' : 'tiny5'];
        const mode = layout === 'EvenOdd' ? 'eo_picard' : ham ? 'sync_picard' : 'sync_picard_d0.5';
        const run = golden.runs[`${ham ? 'ham' : 'chn'}_${mode}_float64`]!;
        const loaded = await createReferenceEngine().load(model(name));
        const trajectory = await loaded.start(goldenQuery(golden), {
          ...goldenSettings(run),
          tolerance: Number.MIN_VALUE,
          iterationLimit: 100,
        });
        await trajectory.advance(1);
        for (const [t, states] of run.states.entries()) {
          const { energy } = await trajectory.advance(1);
          const outputs = await trajectory.outputs();
          for (const [sample, state] of states.entries()) {
            const ours = layers.flatMap((units, l) =>
              l === 0 ? [] : [...(outputs[l]?.subarray(sample * units, (sample + 1) * units) ?? [])],
            );
            expect(distance(ours, state) / Math.hypot(...state)).toBeLessThan(1e-10);
            expect(Math.abs((energy[sample] ?? NaN) / (run.energy[t]?.[sample] ?? NaN) - 1)).toBeLessThan(
              1e-10,
            );
          }
        }
        expect(run.states).toHaveLength(30);
      },
    );

    test.each(NETWORKS.slice(4))('has its pixels turned: $name', ({ name, U, b }) => {
      const { connections, layers } = model(name);
      const rows = U as readonly (readonly number[])[];
      const turned = rows.map((_, at) => rows[3 * (at % 3) + Math.floor(at / 3)]);
      expect([...(connections[0]?.weights ?? [])]).toEqual(turned.flat());
      expect(layers.slice(1).map(({ bias }) => [...(bias ?? [])])).toEqual(b);
    });

    test('is refused in a line where it is none, and nothing is written', () => {
      const refusals = lines.slice(NETWORKS.length);
      expect(refusals).toEqual([
        expect.stringMatching(/^lightning.py: deq.f_module.U is of shape \[8, 4\]; .* need \[9, 4\]$/),
        expect.stringMatching(/connects layers that are no neighbours; a model is a chain$/),
        expect.stringMatching(/it has no state_dict with deq.f_module.U; .*$/),
        expect.stringMatching(/wrong.ckpt: this is no checkpoint that can be read/),
      ]);
      expect(readdirSync(folder).filter((name) => /never|part/.test(name))).toEqual([]);
    });
  },
);
