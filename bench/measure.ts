/** One row of the record: everyone does the same piece of work, in turns, several times. */
import {
  createCheck,
  disagreement,
  inErrorScopes,
  LARGEST_DISTANCE,
  RESIDUAL_SLACK,
  WrongOutput,
} from './check';
import { CONTESTANT_TITLES, type Contestant, type Outcome, type Prepared, type Work } from './contestant';
import type { Network } from '../src/network/network';
import type { BenchResult } from './record';
import { pairedRatio, spread } from './statistics';

export type Competitor = { readonly contestant: Contestant; readonly prepared: Prepared };

/** Solves are repeated until a contestant's turn lasts about this long, so that the clock is fine enough; ms. */
const LEAST_TURN = 25;
const MOST_REPEATS = 100;

type Turns = {
  readonly competitor: Competitor;
  readonly repeats: number;
  readonly milliseconds: number[];
  outcome: Outcome;
};

/** Milliseconds of one solve, out of `repeats` in a row, and what the last of them found. */
async function turn(
  { prepared }: Competitor,
  work: Work,
  repeats: number,
): Promise<{ readonly milliseconds: number; readonly outcome: Outcome }> {
  const began = performance.now();
  let outcome = await prepared.solve(work);
  for (let i = 1; i < repeats; i++) outcome = await prepared.solve(work);
  return { milliseconds: (performance.now() - began) / repeats, outcome };
}

/** Everyone once a round. Who begins and the direction change from round to round: nobody always follows the same one. */
function inTurn<T>(items: readonly T[], round: number): readonly T[] {
  const first = round % items.length;
  const order = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

/**
 * Times a piece of work and checks what came out of it, the first competitor being the one that others are compared with.
 * @param progress is told each round
 * @throws WrongOutput when a contestant's last timed outputs are wrong or a GPU reports an error
 */
export async function measure(
  network: Network,
  work: Work,
  competitors: readonly Competitor[],
  rounds: number,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<readonly BenchResult[]> {
  const devices = [...new Set(competitors.flatMap(({ contestant: { device } }) => device ?? []))];
  const all = await inErrorScopes(devices, async () => {
    const turns: Turns[] = [];
    for (const competitor of competitors) {
      progress(`warming up ${CONTESTANT_TITLES[competitor.contestant.name]}`);
      signal.throwIfAborted();
      // The first solve pays for what is done only once.
      await turn(competitor, work, 1);
      signal.throwIfAborted();
      const { milliseconds, outcome } = await turn(competitor, work, 1);
      const repeats = Math.min(Math.max(Math.ceil(LEAST_TURN / milliseconds), 1), MOST_REPEATS);
      turns.push({ competitor, repeats, milliseconds: [], outcome });
    }
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (const mine of inTurn(turns, round)) {
        signal.throwIfAborted();
        const { milliseconds, outcome } = await turn(mine.competitor, work, mine.repeats);
        mine.milliseconds.push(milliseconds);
        mine.outcome = outcome;
      }
    }
    return turns;
  });
  progress('checking');
  return check(network, work, all);
}

async function check(network: Network, work: Work, all: readonly Turns[]): Promise<readonly BenchResult[]> {
  const errorOf = await createCheck(network, work);
  const fixed = work.tolerance === 0;
  const largest = fixed ? LARGEST_DISTANCE : work.tolerance * RESIDUAL_SLACK;
  const [base] = all;
  const results: BenchResult[] = [];
  for (const { competitor, repeats, milliseconds, outcome } of all) {
    const { name } = competitor.contestant;
    const wrong = (what: string): never => {
      throw new WrongOutput(`${CONTESTANT_TITLES[name]} computed something else: ${what}`);
    };
    const error = await errorOf(outcome);
    if (!(error <= largest)) {
      wrong(`${fixed ? 'distance to the oracle' : 'map residual'} ${error}, at most ${largest} is right`);
    }
    const { iterations } = outcome;
    if (iterations.length !== work.batch) wrong(`${iterations.length} samples of ${work.batch}`);
    if (fixed) {
      if (iterations.some((n) => n !== work.limit)) wrong(`not ${work.limit} iterations for every sample`);
      const apart = base ? disagreement(outcome, base.outcome) : 0;
      if (!(apart <= LARGEST_DISTANCE)) wrong(`it is ${apart} from Attractor's states`);
    }
    results.push({
      contestant: name,
      milliseconds,
      repeats,
      iterations: {
        least: Math.min(...iterations),
        mean: iterations.reduce((sum, n) => sum + n, 0) / iterations.length,
        most: Math.max(...iterations),
      },
      error,
      time: spread(milliseconds),
      ratio: pairedRatio(milliseconds, base?.milliseconds ?? []),
    });
  }
  return results;
}
