/** Short studies that show one thing each: the same cue in a few ways, side by side. Descriptions only. */
import type { Corruption } from '../patterns/corrupt';
import type { Schedule } from '../solve/settings';
import type { SolverKind } from '../solve/solvers';
import type { AssociativeKind, MemoryStart } from '../memory/associative';

export type Lesson = {
  readonly id: string;
  readonly title: string;
  /** What to look for, in a sentence or two. */
  readonly teaches: string;
  /** Names of a built-in set and of a memory in it. */
  readonly set: string;
  readonly memory: string;
  readonly corruption: Corruption;
  readonly network: AssociativeKind;
  readonly memoryStart: Extract<MemoryStart, string>;
  /** Side by side, each undamped and with its solver's first settings. */
  readonly ways: readonly { readonly schedule: Schedule; readonly solver: SolverKind }[];
};

const flipped = (amount: number, seed: number): Corruption => ({ kind: 'flip', amount, seed });

export const lessons: readonly Lesson[] = [
  {
    id: 'half-the-time',
    title: 'Even-odd in half the time',
    teaches:
      'The same cue, with both layers moving at once, and with memory units and pixels in turn. Both reach the same picture; even-odd needs about half the iterations, and each costs the same.',
    set: 'Letters',
    memory: 'A',
    corruption: flipped(0.2, 1),
    network: 'classical',
    memoryStart: 'best',
    ways: [
      { schedule: 'synchronous', solver: 'picard' },
      { schedule: 'even-odd', solver: 'picard' },
    ],
  },
  {
    id: 'fewer-still',
    title: 'Fewer still: solvers',
    teaches:
      'Rest is a fixed point, so methods for fixed points apply. Anderson mixes the last few outputs of the iteration. It does little for synchronous updates here, but under even-odd it saves iterations once more: the two together are the paper’s best.',
    set: 'Letters',
    memory: 'K',
    corruption: flipped(0.25, 3),
    network: 'classical',
    memoryStart: 'best',
    ways: [
      { schedule: 'synchronous', solver: 'picard' },
      { schedule: 'synchronous', solver: 'anderson' },
      { schedule: 'even-odd', solver: 'picard' },
      { schedule: 'even-odd', solver: 'anderson' },
    ],
  },
  {
    id: 'two-cycle',
    title: 'The two-cycle',
    teaches:
      'Moving at once is two runs woven together. Start the memory units at zero and one of the two starts from nothing, so the picture flickers between two states for ever. Even-odd has only one of them, and cannot.',
    set: 'Letters',
    memory: 'A',
    corruption: flipped(0.2, 1),
    network: 'classical',
    memoryStart: 'zero',
    ways: [
      { schedule: 'synchronous', solver: 'picard' },
      { schedule: 'even-odd', solver: 'picard' },
    ],
  },
  {
    id: 'one-step',
    title: 'Recall in one step',
    teaches:
      'A softmax over the memories picks one at once: a single even-odd iteration is the update rule of the modern Hopfield network, which is attention.',
    set: 'Letters',
    memory: 'A',
    corruption: flipped(0.2, 1),
    network: 'modern',
    memoryStart: 'best',
    ways: [{ schedule: 'even-odd', solver: 'picard' }],
  },
];
