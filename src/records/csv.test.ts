import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, runsToCsv } from './csv';
import { initialSolvers } from '../solve/solvers';
import type { Solver } from '../solve/settings';
import type { RunRecord } from './run-record';
import { sampleModelRun, sampleRun } from '../testing/sample-run';

/** Behind `mu`, in every row of the sample. */
const CIRCUMSTANCES =
  ',Signs,cross,gaussian,0.2,4294967295,2,1,3,,no,best,webgpu,float32,200,,converged,2,recalled,cross,0.9975,,,,';

const parse = (csv: string): Record<string, string>[] =>
  Papa.parse<Record<string, string>>(csv, {
    header: true,
    delimiter: ',',
    newline: '\r\n',
    skipEmptyLines: 'greedy',
  }).data;

describe('runsToCsv', () => {
  it('writes a header and a row for each run and iteration, lines ended by CRLF', () => {
    expect(runsToCsv([sampleRun])).toBe(
      [
        'run,network,schedule,solver,damping,iteration,energy,map_residual,step_residual,unit_updates,milliseconds,dynamics,window,ridge,safeguard,omega,local,criterion,tolerance,first_scale,mu,set,cue,corruption,amount,seed,held_pixels,gain,degree,sharpness,centred,memory_start,engine,precision,iteration_limit,ridge_scale,stop,stop_iteration,verdict,nearest,overlap,step,momentum,start,curvature',
        'Run 1,dense,even-odd,picard,0.25,0,-12.25,0.75,,0,0,ham,,,,,,map,0.0001,,' + CIRCUMSTANCES,
        'Run 1,dense,even-odd,picard,0.25,1,-40.5,0.0625,0.5,10,1.5,ham,,,,,,map,0.0001,,' + CIRCUMSTANCES,
        'Run 1,dense,even-odd,picard,0.25,2,-45.625,0,0.03125,20,2.75,ham,,,,,,map,0.0001,,0.25' +
          CIRCUMSTANCES,
        '',
      ].join('\r\n'),
    );
  });

  it('names a trained network and what it read, and leaves empty what speaks of memories', () => {
    const [row] = parse(runsToCsv([sampleModelRun]));
    expect(row).toMatchObject({
      network: 'three-layer HAM',
      dynamics: 'ham',
      cue: 'drawing',
      solver: 'picard',
      start: 'learned',
    });
    expect(row).toMatchObject({ set: '', corruption: '', gain: '', verdict: '', unit_updates: '0' });
  });

  it('says of every row what was asked, where it ran, and what came of it', () => {
    const cue = { ...sampleRun.cue, corruption: { kind: 'hide-half', amount: 0.5, seed: 7 } } as const;
    const rows = parse(
      runsToCsv([
        { ...sampleRun, cue },
        {
          ...sampleRun,
          memory: { kind: 'modern', sharpness: 8 },
          cue: { ...cue, memory: null, corruption: null, memoryStart: 'zero' },
          stop: { reason: 'limit', iterations: 2 },
          verdict: { kind: 'zero' },
        },
        { ...sampleRun, stop: null, verdict: null },
      ]),
    );
    expect(rows[0]).toMatchObject({
      ...{ set: 'Signs', cue: 'cross', corruption: 'hide-half', amount: '0.5', seed: '7' },
      ...{ memory_start: 'best', engine: sampleRun.engine.kind, precision: sampleRun.engine.precision },
      ...{ stop: 'converged', verdict: 'recalled', nearest: 'cross', overlap: '0.9975' },
    });
    expect(rows[3]).toMatchObject({
      ...{ cue: 'drawing', corruption: 'none', amount: '', seed: '', memory_start: 'zero' },
      ...{ gain: '', degree: '', sharpness: '8', stop: 'limit', stop_iteration: '2' },
      ...{ verdict: 'zero', nearest: '', overlap: '' },
    });
    expect(rows[6]).toMatchObject({ stop: '', stop_iteration: '', verdict: '' });
  });

  it.each<[Solver, Record<string, string>]>([
    [initialSolvers.picard, { damping: '0' }],
    [initialSolvers.anderson, { damping: '0', window: '4', ridge: '1e-10', safeguard: 'step' }],
    [initialSolvers.relaxation, { omega: 'auto' }],
    [{ kind: 'relaxation', omega: 1.25 }, { omega: '1.25' }],
    [initialSolvers['heavy-ball'], { step: 'auto', momentum: 'auto' }],
    [
      { kind: 'heavy-ball', step: 1.2, momentum: 0.3 },
      { step: '1.2', momentum: '0.3' },
    ],
    [initialSolvers['barzilai-borwein'], {}],
    [initialSolvers.lbfgs, { window: '5', first_scale: 'fitted' }],
  ])('writes what %j has, and nothing where it has none', (solver, cells) => {
    const settings: RunRecord['settings'] = {
      ...sampleRun.settings,
      solver,
      local: 'damped',
      criterion: 'paper',
    };
    const memory = { kind: 'classical', gain: 2, dynamics: 'chn' } as const;
    const [row] = parse(runsToCsv([{ ...sampleRun, settings, memory, freeUnits: null }]));
    expect(row).toMatchObject({
      solver: solver.kind,
      ...{
        damping: '',
        window: '',
        ridge: '',
        safeguard: '',
        omega: '',
        first_scale: '',
        step: '',
        momentum: '',
      },
      ...cells,
      ...{ dynamics: 'chn', local: 'damped', criterion: 'paper', tolerance: '0.0001', unit_updates: '' },
    });
  });

  it('counts ten updates a unit where a CHN takes damped local steps', () => {
    const settings = { ...sampleRun.settings, local: 'damped' } as const;
    const memory = { kind: 'classical', gain: 2, dynamics: 'chn' } as const;
    const rows = parse(runsToCsv([{ ...sampleRun, settings, memory }]));
    expect(rows.map((row) => row['unit_updates'])).toEqual(['0', '100', '200']);
  });

  it('writes the header alone for no runs', () => {
    expect(runsToCsv([])).toBe(`${CSV_COLUMNS.join(',')}\r\n`);
  });

  it('have the columns that docs/export.md explains', async () => {
    const page = await readFile(new URL('../../docs/export.md', import.meta.url), 'utf8');
    const cells = (/## Data as CSV\n(.*?)\n## /s.exec(page)?.[1] ?? '').match(/^\| `[^|]*/gm) ?? [];
    const explained = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect(explained.toSorted()).toEqual(CSV_COLUMNS.toSorted());
  });

  it('reads back every number exactly, and empty where there is none', () => {
    const energy = [-1 / 3, 1e-300, NaN, -Infinity];
    const mapResidual = [0.1 + 0.2, 5e-324, Infinity, NaN];
    const stepResidual = [NaN, 1e21, 0, 1];
    const milliseconds = [0, NaN, 1e-3, 1 / 3];
    const trace = { energy, mapResidual, stepResidual, mu: energy, milliseconds };
    const rows = parse(runsToCsv([{ ...sampleRun, trace }]));
    const read = (key: string): number[] => rows.map((row) => (row[key] === '' ? NaN : Number(row[key])));
    expect(read('energy')).toEqual([-1 / 3, 1e-300, NaN, NaN]);
    expect(read('map_residual')).toEqual([0.1 + 0.2, 5e-324, NaN, NaN]);
    expect(read('step_residual')).toEqual([NaN, 1e21, 0, 1]);
    expect(read('milliseconds')).toEqual([0, NaN, 1e-3, 1 / 3]);
    expect(read('iteration')).toEqual([0, 1, 2, 3]);
  });

  it.each(['a "quoted" name', 'one, two', 'two\r\nlines', 'β ξ ρ', ' space ', "it's", '1.5'])(
    'keeps the name %j',
    (name) => {
      const rows = parse(runsToCsv([{ ...sampleRun, name }, sampleRun]));
      expect(rows.map((row) => row['run'])).toEqual([name, name, name, 'Run 1', 'Run 1', 'Run 1']);
    },
  );

  it('numbers the runs of one name', () => {
    const names = ['a', 'b', 'a', 'a (2)', 'a'].map((name) => ({ ...sampleRun, name }));
    const runs = new Set(parse(runsToCsv(names)).map((row) => row['run']));
    expect([...runs]).toEqual(['a', 'b', 'a (2)', 'a (2) (2)', 'a (3)']);
  });

  it.each(['=cmd|calc!A1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '=1,"2"'])(
    'makes text of the formula %j',
    (name) => {
      expect(parse(runsToCsv([{ ...sampleRun, name }]))[0]?.['run']).toBe(`'${name}`);
    },
  );
});
