import { describe, expect, it } from 'vitest';
import { sampleRun } from '../../testing/sample-run';
import type { LabRun } from '../store';
import { MOST_KEPT, packRuns, parseRuns } from './kept-runs';

function listed(part: Partial<LabRun['record']> = {}): LabRun {
  return { id: 1, record: { ...sampleRun, ...part }, hidden: false, style: 3 };
}

describe('the runs that are kept', () => {
  it('come back as they were', () => {
    const { runs, dropped } = parseRuns(structuredClone(packRuns([{ ...listed(), hidden: true }])));
    expect(dropped).toBe(0);
    expect(runs).toEqual([{ record: sampleRun, hidden: true, style: 3 }]);
  });

  it('are the newest few that have ended and are not too large', () => {
    const many = Array.from({ length: MOST_KEPT + 3 }, (_, i) => listed({ name: `Run ${i}` }));
    const huge = { ...sampleRun.set, width: 2048, height: 2048 };
    const kept = packRuns([...many, listed({ stop: null }), listed({ set: huge })]);
    const names = parseRuns(kept).runs.map(({ record }) => record.name);
    expect(names).toEqual(many.slice(3).map(({ record }) => record.name));
  });

  it('stay as they were while they are done again', () => {
    const again = { ...listed({ stop: null }), before: sampleRun };
    expect(parseRuns(packRuns([again])).runs).toMatchObject([{ record: sampleRun }]);
  });

  it('lose a broken one, and say so', () => {
    const [whole] = packRuns([listed()]);
    const broken: readonly unknown[] = [{ ...whole, text: '{' }, { ...whole, style: -1 }, null, whole];
    expect(parseRuns(broken)).toMatchObject({ runs: [{ record: { name: 'Run 1' } }], dropped: 3 });
    expect(parseRuns('runs')).toEqual({ runs: [], dropped: 1 });
    expect(parseRuns(undefined)).toEqual({ runs: [], dropped: 0 });
  });
});
