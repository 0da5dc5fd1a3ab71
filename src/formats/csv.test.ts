import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, runsToCsv } from './csv';
import { sampleRun } from './sample-run';

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
        'run,network,schedule,solver,damping,iteration,energy,map_residual,step_residual',
        'Run 1,dense,even-odd,picard,0.25,0,-12.25,0.75,',
        'Run 1,dense,even-odd,picard,0.25,1,-40.5,0.0625,0.5',
        'Run 1,dense,even-odd,picard,0.25,2,-45.625,0,0.03125',
        '',
      ].join('\r\n'),
    );
  });

  it('writes the header alone for no runs', () => {
    expect(runsToCsv([])).toBe(`${CSV_COLUMNS.join(',')}\r\n`);
  });

  it('reads back every number exactly, and empty where there is none', () => {
    const energy = [-1 / 3, 1e-300, NaN, -Infinity];
    const mapResidual = [0.1 + 0.2, 5e-324, Infinity, NaN];
    const stepResidual = [NaN, 1e21, 0, 1];
    const rows = parse(runsToCsv([{ ...sampleRun, trace: { energy, mapResidual, stepResidual } }]));
    const read = (key: string): number[] => rows.map((row) => (row[key] === '' ? NaN : Number(row[key])));
    expect(read('energy')).toEqual([-1 / 3, 1e-300, NaN, NaN]);
    expect(read('map_residual')).toEqual([0.1 + 0.2, 5e-324, NaN, NaN]);
    expect(read('step_residual')).toEqual([NaN, 1e21, 0, 1]);
    expect(read('iteration')).toEqual([0, 1, 2, 3]);
  });

  it.each(['a "quoted" name', 'one, two', 'two\r\nlines', 'β ξ ρ', ' space ', "it's", '1.5'])(
    'keeps the name %j',
    (name) => {
      const rows = parse(runsToCsv([{ ...sampleRun, name }, sampleRun]));
      expect(rows.map((row) => row['run'])).toEqual([name, name, name, 'Run 1', 'Run 1', 'Run 1']);
    },
  );

  it.each(['=cmd|calc!A1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '=1,"2"'])(
    'makes text of the formula %j',
    (name) => {
      expect(parse(runsToCsv([{ ...sampleRun, name }]))[0]?.['run']).toBe(`'${name}`);
    },
  );
});
