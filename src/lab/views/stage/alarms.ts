/** What is not as it should be at the end of a lane, in words. Pure. */
import { SAME_FROM } from '../../../memory/verdict';
import { overlap } from '../../../patterns/picture';
import { shortNumber } from '../../charts/number-text';
import { activitiesAt, lastOf, type LaneRun } from './stage-state';

export type Alarm = {
  readonly kind: 'two-cycle' | 'limit' | 'diverged' | 'elsewhere' | 'higher';
  /** For the lane's card. */
  readonly short: string;
  /** One or two sentences, with the number that shows it. */
  readonly text: string;
};

/** An energy is higher than another where it is so by more than this share of the largest of all: far more than a tolerance leaves. */
const CLEARLY_HIGHER = 1e-3;

type End = { readonly run: LaneRun; readonly picture: ArrayLike<number>; readonly energy: number };

/** The lanes that have come to rest, with what they show there. */
function endsOf(runs: readonly LaneRun[]): readonly End[] {
  return runs.flatMap((run): End[] => {
    const { record } = run;
    const layers = activitiesAt(run, lastOf(run));
    if (record?.stop?.reason !== 'converged' || !layers) return [];
    const picture = run.ends.flatMap((l) => [...(layers[l] ?? [])]);
    // A state that has shrunk to nothing has no direction left: all of those are one end.
    const shrunk = 'verdict' in record && record.verdict?.kind === 'zero';
    const shown = shrunk ? picture.map(() => 0) : picture;
    return [{ run, picture: shown, energy: record.trace.energy.at(-1) ?? NaN }];
  });
}

function overlapOf(a: End, b: End): number {
  const bothZero = [a, b].every(({ picture }) => Array.from(picture).every((value) => value === 0));
  return bothZero ? 1 : overlap(a.picture, b.picture);
}

/** Ends that are one, together; the largest group first. */
function groupsOf(ends: readonly End[]): readonly (readonly End[])[] {
  const groups: End[][] = [];
  for (const end of ends) {
    const home = groups.find(([first]) => first && overlapOf(first, end) >= SAME_FROM);
    if (home) home.push(end);
    else groups.push([end]);
  }
  return groups.sort((a, b) => b.length - a.length);
}

/** "A, B and C". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

const namesOf = (ends: readonly End[]): string => listed(ends.map(({ run }) => run.lane.name));

function elsewhere(mine: End, own: readonly End[], groups: readonly (readonly End[])[]): Alarm[] {
  const others = groups.find((group) => group !== own);
  const [other] = others ?? [];
  // The most lanes have nothing to answer for, unless just as many ended elsewhere.
  if (!others || !other || own.length > others.length) return [];
  const { record } = mine.run;
  const what = record && 'memory' in record ? 'pictures' : 'states';
  return [
    {
      kind: 'elsewhere',
      short: 'ended elsewhere',
      text: `Ended elsewhere than ${namesOf(others)}: the overlap of their ${what} is ${shortNumber(overlapOf(mine, other), 2)}.`,
    },
  ];
}

function higher(mine: End, own: readonly End[], ends: readonly End[]): Alarm[] {
  const energies = ends.map(({ energy }) => energy).filter(Number.isFinite);
  const margin = CLEARLY_HIGHER * Math.max(...energies.map(Math.abs));
  const lowest = ends.find(({ energy }) => energy === Math.min(...energies));
  if (!lowest || own.includes(lowest) || !(mine.energy - lowest.energy > margin)) return [];
  const by = shortNumber(mine.energy - lowest.energy, 3);
  return [
    {
      kind: 'higher',
      short: 'not the lowest energy',
      text: `Its energy ends ${by} above that of ${lowest.run.lane.name}, so this is not the deepest minimum that was found.`,
    },
  ];
}

/** The alarms of a lane that has stopped, among all that run beside it; none while it runs. */
export function alarmsOf(run: LaneRun, runs: readonly LaneRun[]): readonly Alarm[] {
  const { record } = run;
  if (!record?.stop) return [];
  const { settings, trace } = record;
  const { reason, iterations } = record.stop;
  const residual = shortNumber(trace.mapResidual.at(-1) ?? NaN, 2);
  switch (reason) {
    case 'oscillates':
      return [
        {
          kind: 'two-cycle',
          short: 'goes back and forth between two states',
          text: `In a two-cycle since iteration ${iterations}: the map sends each of two states to the other, and neither is at rest (map residual ${residual}).`,
        },
      ];
    case 'limit':
      return [
        {
          kind: 'limit',
          short: 'not there at the limit',
          text: `Not at rest: at the limit of ${iterations} iterations the map residual is ${residual}, and ${shortNumber(settings.tolerance)} was asked for.`,
        },
      ];
    case 'diverged':
      return [
        {
          kind: 'diverged',
          short: 'diverged',
          text: `Diverged after ${iterations} iterations: the numbers grew without end, and there is no minimum that way.`,
        },
      ];
    case 'cancelled':
      return [];
    case 'converged': {
      const ends = endsOf(runs);
      const groups = groupsOf(ends);
      const own = groups.find((group) => group.some((end) => end.run === run));
      const mine = own?.find((end) => end.run === run);
      return own && mine ? [...elsewhere(mine, own, groups), ...higher(mine, own, ends)] : [];
    }
  }
}
