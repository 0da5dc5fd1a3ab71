/** Short studies that show one thing each: a few retrievals of the same cue, side by side. Descriptions only. */
import type { Corruption } from '../patterns/corrupt';
import type { Schedule } from '../solve/settings';
import type { AssociativeKind, MemoryStart } from '../memory/associative';

export type LessonRun = {
  readonly network: AssociativeKind;
  readonly schedule: Schedule;
  readonly memoryStart: Extract<MemoryStart, string>;
};

export type Lesson = {
  readonly id: string;
  readonly title: string;
  /** What to look for, in a sentence or two. */
  readonly teaches: string;
  /** Names of a built-in set and of a memory in it. */
  readonly set: string;
  readonly memory: string;
  readonly corruption: Corruption;
  /** Performed one after the other on the same cue. */
  readonly runs: readonly LessonRun[];
};

const damage: Corruption = { kind: 'flip', amount: 0.2, seed: 1 };

export const lessons: readonly Lesson[] = [
  {
    id: 'half-the-time',
    title: 'Even-odd in half the time',
    teaches:
      'The same cue, first with both layers moving at once, then pixels and memory units in turn. Both reach the same picture; even-odd needs about half the iterations.',
    set: 'Letters',
    memory: 'A',
    corruption: damage,
    runs: [
      { network: 'classical', schedule: 'synchronous', memoryStart: 'best' },
      { network: 'classical', schedule: 'even-odd', memoryStart: 'best' },
    ],
  },
  {
    id: 'two-cycle',
    title: 'The two-cycle',
    teaches:
      'Moving at once is two runs woven together. Start the memory units at zero and one of the two starts from nothing, so the picture flickers between two states for ever.',
    set: 'Letters',
    memory: 'A',
    corruption: damage,
    runs: [{ network: 'classical', schedule: 'synchronous', memoryStart: 'zero' }],
  },
  {
    id: 'one-step',
    title: 'Recall in one step',
    teaches:
      'A softmax over the memories picks one at once: a single even-odd iteration is the update rule of the modern Hopfield network.',
    set: 'Letters',
    memory: 'A',
    corruption: damage,
    runs: [{ network: 'modern', schedule: 'even-odd', memoryStart: 'best' }],
  },
];
