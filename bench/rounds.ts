/** Everyone in turn, round after round, each long enough for the clock. */

export type Timed<T> = {
  /** Of one time, out of several in a row. */
  readonly milliseconds: number;
  /** What the last of them found. */
  readonly outcome: T;
};

export type Player<T> = {
  readonly title: string;
  /** How often it does its work in a turn; absent where that is to be found out. */
  readonly repeats?: number;
  play(repeats: number): Promise<Timed<T>>;
};

export type Played<T> = {
  readonly repeats: number;
  /** One entry a round. */
  readonly milliseconds: readonly number[];
  /** Of the last turn. */
  readonly outcome: T;
};

/** Work is repeated until a turn lasts about this long, so that the clock is fine enough; ms. */
const LEAST_TURN = 25;
const MOST_REPEATS = 100;

/** Does the work so many times, the clock being here. */
export async function timed<T>(repeats: number, work: () => T | Promise<T>): Promise<Timed<T>> {
  const began = performance.now();
  let outcome = work();
  if (outcome instanceof Promise) {
    outcome = await outcome;
    for (let i = 1; i < repeats; i++) outcome = await work();
  } else {
    for (let i = 1; i < repeats; i++) outcome = work();
  }
  return { milliseconds: (performance.now() - began) / repeats, outcome: await outcome };
}

/** Everyone once a round. Who begins and the direction change from round to round: nobody always follows the same one. */
function inTurn<T>(items: readonly T[], round: number): readonly T[] {
  const first = round % items.length;
  const order = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

/** Lets whoever wants to stop say so. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * @param progress is told each round
 * @returns one entry a player
 */
export async function playRounds<T>(
  players: readonly Player<T>[],
  rounds: number,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<readonly Played<T>[]> {
  const all: (Played<T> & { readonly player: Player<T>; readonly milliseconds: number[]; outcome: T })[] = [];
  const turn = async (player: Player<T>, repeats: number): Promise<Timed<T>> => {
    await breathe();
    signal.throwIfAborted();
    return player.play(repeats);
  };
  for (const player of players) {
    progress(`warming up ${player.title}`);
    // The first time pays for what is done only once.
    await turn(player, 1);
    const { milliseconds, outcome } = await turn(player, 1);
    const enough = Math.min(Math.max(Math.ceil(LEAST_TURN / milliseconds), 1), MOST_REPEATS);
    const repeats = player.repeats ?? enough;
    all.push({ player, repeats, milliseconds: [], outcome });
  }
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const mine of inTurn(all, round)) {
      const { milliseconds, outcome } = await turn(mine.player, mine.repeats);
      mine.milliseconds.push(milliseconds);
      mine.outcome = outcome;
    }
  }
  return all;
}
