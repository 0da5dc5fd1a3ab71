/** One row of the record: the same work for everyone, timed in turn, round after round, and checked. */
import {
  createCheck,
  disagreement,
  inErrorScopes,
  LARGEST_DISTANCE,
  RESIDUAL_SLACK,
  WrongOutput,
} from './check';
import {
  titleOf,
  type AnyContestantName,
  type Contestant,
  type Outcome,
  type Prepared,
  type Work,
} from './contestant';
import type { Network } from '../src/network/network';
import type { Result } from './record';
import { playRounds, timed, type Played, type Player } from './rounds';
import { pairedRatio, spread } from './statistics';

export type Competitor<Name extends AnyContestantName = AnyContestantName> = {
  readonly contestant: Contestant<Name>;
  readonly prepared: Prepared;
  /** The place of whom it is compared with among the competitors. */
  readonly against: number;
};

const nameOf = ({ contestant: { name, threads } }: Competitor): string => titleOf(name, threads);

export type Measured<Name extends AnyContestantName> = {
  readonly results: readonly Result<Name>[];
  /** Titles of those that met the last iteration before the tolerance on some sample: they have no result. */
  readonly unconverged: readonly string[];
};

/**
 * Times a piece of work and checks what came out of it.
 * @param progress is told each round
 * @throws WrongOutput when a contestant's last timed outputs are wrong or a GPU reports an error
 */
export async function measure<Name extends AnyContestantName>(
  network: Network,
  work: Work,
  competitors: readonly Competitor<Name>[],
  rounds: number,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<Measured<Name>> {
  const devices = [...new Set(competitors.flatMap(({ contestant: { device } }) => device ?? []))];
  const players = competitors.map((competitor): Player<Outcome> => {
    const { prepared } = competitor;
    return {
      title: nameOf(competitor),
      play: (repeats) => prepared.timed?.(work, repeats) ?? timed(repeats, () => prepared.solve(work)),
    };
  });
  const all = await inErrorScopes(devices, () => playRounds(players, rounds, signal, progress));
  progress('checking');
  return check(network, work, competitors, all);
}

async function check<Name extends AnyContestantName>(
  network: Network,
  work: Work,
  competitors: readonly Competitor<Name>[],
  all: readonly Played<Outcome>[],
): Promise<Measured<Name>> {
  const errorOf = await createCheck(network, work);
  const fixed = work.tolerance === 0;
  const largest = fixed ? LARGEST_DISTANCE : work.tolerance * RESIDUAL_SLACK;
  const results: Result<Name>[] = [];
  const unconverged: string[] = [];
  for (const [c, competitor] of competitors.entries()) {
    const [mine, base, first] = [all[c], all[competitor.against], all[0]];
    if (!mine || !base || !first) continue;
    const { repeats, milliseconds, outcome } = mine;
    const { iterations } = outcome;
    if (!fixed && iterations.some((n) => n >= work.limit)) {
      unconverged.push(nameOf(competitor));
      continue;
    }
    const { name, threads } = competitor.contestant;
    const wrong = (what: string): never => {
      throw new WrongOutput(`${nameOf(competitor)} computed something else: ${what}`);
    };
    const error = await errorOf(outcome);
    if (!(error <= largest)) {
      wrong(`${fixed ? 'distance to the oracle' : 'map residual'} ${error}, at most ${largest} is right`);
    }
    if (iterations.length !== work.batch) wrong(`${iterations.length} samples of ${work.batch}`);
    if (fixed) {
      if (iterations.some((n) => n !== work.limit)) wrong(`not ${work.limit} iterations for every sample`);
      const apart = disagreement(outcome, first.outcome);
      if (!(apart <= LARGEST_DISTANCE)) wrong(`it is ${apart} from Attractor's states`);
    }
    results.push({
      contestant: name,
      ...(threads === undefined ? {} : { threads }),
      milliseconds: [...milliseconds],
      repeats,
      iterations: {
        least: Math.min(...iterations),
        mean: iterations.reduce((sum, n) => sum + n, 0) / iterations.length,
        most: Math.max(...iterations),
      },
      error,
      time: spread(milliseconds),
      ratio: pairedRatio(milliseconds, base.milliseconds),
    });
  }
  return { results, unconverged };
}
