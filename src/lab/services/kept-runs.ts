/** The latest runs as they are kept between visits: run files, with how the charts draw them. */
import { z } from 'zod';
import { parseRun, serialiseRun } from '../../records/run-json';
import type { RunRecord } from '../../records/run-record';
import { APP } from '../app-identity';
import { lastEnded, type LabRun } from '../store';

/** Runs that are kept, the newest ones. */
export const MOST_KEPT = 8;
/** Runs of larger sets or with longer curves are not kept: writing them would hold up the page. */
const MOST_PIXELS = 2 ** 20;
const MOST_STATES = 10_000;

const keptSchema = z.object({
  text: z.string(),
  hidden: z.boolean(),
  style: z.int().min(0),
});

export type KeptRun = z.infer<typeof keptSchema>;
export type RestoredRun = Omit<LabRun, 'id'>;

/** Each record is written once, since a run that has ended does not change. */
const texts = new WeakMap<RunRecord, string>();

function textOf(record: RunRecord): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const text = serialiseRun(record, APP);
  texts.set(record, text);
  return text;
}

function canBeKept({ set, trace }: RunRecord): boolean {
  const pixels = set.width * set.height * set.memories.length;
  return pixels <= MOST_PIXELS && trace.energy.length <= MOST_STATES;
}

export function packRuns(runs: readonly LabRun[], most = MOST_KEPT): readonly KeptRun[] {
  return runs
    .flatMap((run) => {
      const record = lastEnded(run);
      return record && canBeKept(record) ? [{ ...run, record }] : [];
    })
    .slice(-most)
    .map(({ record, hidden, style }) => ({ text: textOf(record), hidden, style }));
}

/** The runs of a record, and how many of them could not be read. */
export function parseRuns(
  kept: unknown,
  most = MOST_KEPT,
): {
  readonly runs: readonly RestoredRun[];
  readonly dropped: number;
} {
  if (kept === undefined) return { runs: [], dropped: 0 };
  if (!Array.isArray(kept)) return { runs: [], dropped: 1 };
  const list: readonly unknown[] = kept;
  const runs = list.slice(-most).flatMap((entry): RestoredRun[] => {
    const parsed = keptSchema.safeParse(entry);
    if (!parsed.success) return [];
    const { text, hidden, style } = parsed.data;
    try {
      return [{ record: parseRun(text).record, hidden, style }];
    } catch {
      return [];
    }
  });
  return { runs, dropped: Math.min(list.length, most) - runs.length };
}
