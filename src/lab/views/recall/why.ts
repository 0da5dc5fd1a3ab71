/** Why a lane did not recall what it was asked for, each reason with the number that shows it, and what to change. Pure. */
import { defaultAmount } from '../../../patterns/corrupt';
import { overlap, type Memory } from '../../../patterns/picture';
import { MEMORY, VISIBLE, type AssociativeKind, type AssociativeMemory } from '../../../memory/associative';
import { parameters } from '../../../memory/parameters';
import type { Verdict } from '../../../memory/verdict';
import { norm } from '../../../numbers/norm';
import type { RunRecord } from '../../../records/run-record';
import { networkNames } from '../../actions/outcome';
import { shortNumber } from '../../charts/number-text';
import { activitiesAt, lastOf, type RecallRun } from '../stage/stage-state';

/** A change of what is set. */
export type Change =
  | { readonly kind: 'damage'; readonly amount: number }
  | { readonly kind: 'memory'; readonly memory: AssociativeMemory }
  | { readonly kind: 'network'; readonly network: AssociativeKind };

type Reason = {
  readonly kind: 'gain' | 'load' | 'damage' | 'alike';
  readonly title: string;
  /** A sentence or two, with the number. */
  readonly text: string;
  /** What helps, as a button; null where a person must do it by hand. */
  readonly fix: { readonly label: string; readonly change: Change } | null;
};

/** Below this overlap with its memory a cue is mostly damage: 30 % of the pixels flipped leave 0.4. */
const DAMAGED_BELOW = 0.4;
/** Below this one no other network is of help. */
const HOPELESS_BELOW = 0.2;
/** Directions kept, of all that a picture has, from which on little damage is undone: noise passes where the memories span. */
const LOADED_FROM = 0.4;
/** Memories of this overlap and more are alike. */
const ALIKE_FROM = 0.5;
/** The share of the softmax that a memory has at itself, so that it stays there; and what a change aims at. */
const SOFTMAX = { least: 0.9, aim: 0.99 } as const;
/** What all other memories answer at a memory itself, as a share of its own answer: too much, and what a change aims at. */
const CROSSTALK = { most: 0.5, aim: 0.2 } as const;
/** A recalled memory's unit answers with 1. */
const WEAK_BELOW = 0.5;

const two = (x: number): string => `${x < 0 ? '−' : ''}${Math.abs(x).toFixed(2)}`;
const percent = (x: number): string => `${x < 0.01 ? '<\u202f1' : Math.round(100 * x)} %`;

/** What is wanted: the memory that the cue was made from, else the nearest of what came. */
function wantedName({ cue, verdict }: RunRecord): string | null {
  if (cue.memory !== null) return cue.memory;
  if (verdict === null) return null;
  return 'memory' in verdict
    ? verdict.memory
    : verdict.kind === 'tied'
      ? (verdict.memories[0] ?? null)
      : null;
}

/** Whether a lane came to what was asked for. */
export function isRecalled({ cue }: Pick<RunRecord, 'cue'>, verdict: Verdict): boolean {
  return verdict.kind === 'recalled' && (cue.memory === null || cue.memory === verdict.memory);
}

type Other = { readonly memory: Memory; readonly overlap: number };

/** The memory, other than the wanted one, that a picture is most like. */
function nearestOther(memories: readonly Memory[], wanted: Memory, picture: ArrayLike<number>): Other | null {
  let best: Other | null = null;
  for (const memory of memories) {
    if (memory === wanted) continue;
    const near = overlap(picture, memory.picture.values);
    if (best === null || near > best.overlap) best = { memory, overlap: near };
  }
  return best;
}

function tooDamaged({ cue, set }: RunRecord, wanted: Memory): Reason | null {
  const own = overlap(cue.picture.values, wanted.picture.values);
  const other = nearestOther(set.memories, wanted, cue.picture.values);
  const nearer = other !== null && other.overlap > own;
  if (own >= DAMAGED_BELOW && !nearer) return null;
  const { corruption } = cue;
  const good = corruption && defaultAmount[corruption.kind];
  const amount = corruption && good !== null ? (good < corruption.amount ? good : corruption.amount / 2) : 0;
  const rest = other ? `; with ${other.memory.name} it overlaps by ${two(other.overlap)}` : '';
  return {
    kind: 'damage',
    title: 'Too damaged',
    text: `The cue overlaps with ${wanted.name} by ${two(own)} only${rest}.${corruption ? '' : ' Draw it clearer.'}`,
    fix:
      amount > 0
        ? { label: `Damage of ${Math.round(100 * amount)} %`, change: { kind: 'damage', amount } }
        : null,
  };
}

function gainTooLow(run: RecallRun, { memory, set }: RunRecord): Reason | null {
  const layers = activitiesAt(run, lastOf(run));
  const [visible, units] = [layers?.[VISIBLE], layers?.[MEMORY]];
  if (!visible || !units || memory.kind === 'modern') return null;
  const { initial } = parameters[memory.kind].gain;
  const fix = (): Reason['fix'] => ({
    label: `Gain ${initial}`,
    change: { kind: 'memory', memory: { ...memory, gain: initial } },
  });
  if (memory.kind === 'classical') {
    if (memory.gain > 1) return null;
    const size = norm(visible) / Math.sqrt(visible.length);
    return {
      kind: 'gain',
      title: 'Gain too low',
      text: `The visible layer ends at a root mean square of ${shortNumber(size, 1)}, where a memory has 1. At a gain of ${memory.gain} zero is the only equilibrium; memories are some above 1.`,
      fix: fix(),
    };
  }
  if (memory.gain >= initial) return null;
  const answer = strongestAnswer(run, set.memories, memory.centred === true, units);
  if (answer >= WEAK_BELOW) return null;
  return {
    kind: 'gain',
    title: 'Gain too low',
    text: `The strongest memory unit answers with ${percent(answer)} of what a recalled memory’s has. At a gain of ${memory.gain} the pixels do not take so weak an answer up.`,
    fix: fix(),
  };
}

/** The difference of each memory from their mean, or the memory itself, [memories][pixels]. */
function patternsOf(memories: readonly Memory[], centred: boolean): readonly Float64Array[] {
  const patterns = memories.map(({ picture }) => Float64Array.from(picture.values));
  if (!centred) return patterns;
  const mean = new Float64Array(patterns[0]?.length ?? 0);
  for (const pattern of patterns)
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (pattern[i] ?? 0) / patterns.length;
  return patterns.map((pattern) => pattern.map((value, i) => value - (mean[i] ?? 0)));
}

/** The largest of what the memory units send to the pixels, each as a share of its own pattern. */
function strongestAnswer(
  { network }: RecallRun,
  memories: readonly Memory[],
  centred: boolean,
  units: Float32Array,
): number {
  const weights = network.connections[0]?.weights;
  if (!weights) return NaN;
  const answers = patternsOf(memories, centred).map((pattern, k) => {
    const column = pattern.map((_, i) => weights[i * units.length + k] ?? 0);
    return (norm(column) / Math.max(norm(pattern), 1e-9)) * (units[k] ?? 0);
  });
  return Math.max(...answers);
}

/** The share of the softmax that memory `own` has where the picture is that memory. */
function softmaxShare(overlaps: readonly number[], sharpness: number): number {
  return 1 / overlaps.reduce((sum, m) => sum + Math.exp(sharpness * (m - 1)), 0);
}

function tooAlike({ memory, set, cue }: RunRecord, wanted: Memory): Reason | null {
  const other = nearestOther(set.memories, wanted, wanted.picture.values);
  if (!other) return null;
  const pair = `${wanted.name} and ${other.memory.name} overlap by ${two(other.overlap)}`;
  const alike = (text: string, fix: Reason['fix']): Reason => ({
    kind: 'alike',
    title: 'Memories too alike',
    text,
    fix,
  });
  switch (memory.kind) {
    case 'classical': {
      const own = overlap(cue.picture.values, wanted.picture.values);
      if (other.overlap < ALIKE_FROM || own < HOPELESS_BELOW) return null;
      return alike(
        `${pair}. A Classical memory keeps both, but between them little damage is undone.`,
        toModern(),
      );
    }
    case 'modern': {
      const overlaps = set.memories.map(({ picture }) => overlap(picture.values, wanted.picture.values));
      const share = softmaxShare(overlaps, memory.sharpness);
      if (share >= SOFTMAX.least) return null;
      const { max } = parameters.modern.sharpness;
      let sharpness = memory.sharpness;
      while (sharpness < max && softmaxShare(overlaps, sharpness) < SOFTMAX.aim) sharpness *= 2;
      sharpness = Math.min(max, Math.ceil(sharpness));
      return alike(
        `${pair}. At a sharpness of ${memory.sharpness} only ${percent(share)} of the softmax falls on ${wanted.name} even where the picture is ${wanted.name}.`,
        sharpness > memory.sharpness
          ? { label: `Sharpness ${sharpness}`, change: { kind: 'memory', memory: { ...memory, sharpness } } }
          : null,
      );
    }
    case 'dense': {
      const at = set.memories.indexOf(wanted);
      const crosstalk = (centred: boolean, degree: number): number => {
        const patterns = patternsOf(set.memories, centred);
        const own = patterns[at] ?? new Float64Array();
        return patterns.reduce((sum, pattern, k) => {
          if (k === at) return sum;
          const dot = pattern.reduce((all, value, i) => all + value * (own[i] ?? 0), 0);
          return sum + Math.max(0, dot / Math.max(norm(pattern) ** 2, 1e-9)) ** degree;
        }, 0);
      };
      const now = crosstalk(memory.centred === true, memory.degree);
      if (now <= CROSSTALK.most) return null;
      const { max } = parameters.dense.degree;
      let { degree } = memory;
      while (degree < max && crosstalk(true, degree) > CROSSTALK.aim) degree++;
      const better = { ...memory, centred: true, degree };
      const label = `Degree ${degree}${memory.centred ? '' : ', centred'}`;
      return alike(
        `${pair}. At a degree of ${memory.degree} all other memory units together answer with ${percent(now)} of what that of ${wanted.name} does, even where the picture is ${wanted.name}.`,
        degree > memory.degree || !memory.centred
          ? { label, change: { kind: 'memory', memory: better } }
          : toModern(),
      );
    }
  }
}

function toModern(): Reason['fix'] {
  return { label: `${networkNames.modern} memory`, change: { kind: 'network', network: 'modern' } };
}

function tooMany({ network }: RecallRun, { memory, set }: RunRecord): Reason | null {
  const [pixels, directions] = [network.layers[VISIBLE]?.units, network.layers[MEMORY]?.units];
  if (memory.kind !== 'classical' || !pixels || !directions) return null;
  const load = directions / pixels;
  if (load < LOADED_FROM) return null;
  return {
    kind: 'load',
    title: 'Too many memories',
    text: `${set.memories.length.toLocaleString('en')} memories take ${directions.toLocaleString('en')} of the ${pixels.toLocaleString('en')} directions that a picture has: a load of ${two(load)}. What damage lies in those stays.`,
    fix: toModern(),
  };
}

/** The reasons, the most decisive first; empty where the lane came to what was asked for, or still runs, or none is known. */
export function reasonsOf(run: RecallRun): readonly Reason[] {
  const { record } = run;
  if (!record?.verdict || isRecalled(record, record.verdict)) return [];
  const name = wantedName(record);
  const wanted = record.set.memories.find((memory) => memory.name === name);
  return [
    gainTooLow(run, record),
    tooMany(run, record),
    wanted ? tooDamaged(record, wanted) : null,
    wanted ? tooAlike(record, wanted) : null,
  ].filter((reason) => reason !== null);
}
