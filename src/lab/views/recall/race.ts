/** The race over all cues of a set. */
import { amountsUpTo, raceQuery } from '../../../experiments/race/cues';
import { isRecalled } from '../../../experiments/race/recall';
import { VISIBLE } from '../../../memory/associative';
import type { CorruptionKind } from '../../../patterns/corrupt';
import { networkNames } from '../../actions/outcome';
import { buildNetwork } from '../../services/networks';
import { chosenMemory, chosenSet, store, type LabState } from '../../store';
import { openRace } from '../stage/elements/race-dialog';
import type { Ask, RaceSource } from '../stage/race/race';

import { lanePlans } from './source';

const HARD: Readonly<Record<CorruptionKind, number>> = {
  flip: 0.5,
  gaussian: 1,
  'erase-block': 0.75,
  'hide-half': 0.75,
};

const FIRST = { levels: 5, memories: 100, cuesALevel: 100 } as const;

/** A race that ends within seconds on the CPU. */
function firstAsk(count: number, kind: CorruptionKind): Ask {
  const items = Math.min(FIRST.memories, count);
  return {
    ...{ items, kind, most: HARD[kind], levels: FIRST.levels },
    seeds: Math.max(1, Math.min(20, Math.round(FIRST.cuesALevel / Math.max(1, items)))),
  };
}

/** @throws Error where there is no set yet */
function recallRace(state: LabState): RaceSource {
  const set = chosenSet(state)?.set;
  if (!set) throw new Error('there is no set');
  const memory = chosenMemory(state);
  const plans = lanePlans(state);
  const { kind, seed } = state.corruption;
  const count = set.memories.length;
  const memoryStart = state.memoryStart === 'zero' ? 'zero' : 'best';
  return {
    title: 'Race over all cues',
    about:
      'Every memory is damaged at each level, once for each seed, and every lane runs all of those cues. You see where their residuals are at each iteration, how many are recalled the more they are damaged, and how many end at another state than the first lane’s.',
    ...{ item: 'memory', items: 'memories', count, right: 'Recalled', reference: null },
    preparing: 'Storing memories',
    caption: `${set.name}, ${networkNames[memory.kind]}`,
    ...{ first: firstAsk(count, kind), hard: HARD, seed, mostCues: 5000 },
    amounts: ({ most, levels }) => amountsUpTo(most, levels),
    ...{ solve: state.solve, plans },
    problem: count === 0 ? 'This set holds no memories yet.' : null,
    build: async (cues, preparing, pause, signal) => {
      const { network } = await buildNetwork(memory, set, preparing, signal);
      const query = await raceQuery(network, set, cues, { memoryStart, hold: state.holdIntact }, pause);
      return { network, query, plans: () => plans, ends: [VISIBLE], isRight: isRecalled(set, cues) };
    },
  };
}

export const openRecallRace = (): void => openRace(recallRace(store.getState()));
