import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { describe, expect, test } from 'vitest';
import { builtInSets } from '../../../patterns/sets';
import { corrupted } from '../../actions/cue';
import { plainCue, store, type LabState } from '../../store';
import { LANE_SETS, laneWords, makeLanes } from '../stage/lanes';
import { LinkError } from '../stage/folded-link';
import { linkOf, openLink } from './link';

const sets = builtInSets.map((set) => ({ id: `built-in:${set.name}`, origin: 'built-in' as const, set }));
const letter = builtInSets[0]?.memories[4];

function stateWith(part: Partial<LabState> = {}): LabState {
  const cue = corrupted(plainCue(letter!.picture, letter!.name), { kind: 'flip', amount: 0.3, seed: 9 });
  return { ...store.getInitialState(), sets, setId: sets[0]!.id, chosen: 4, cue, ...part };
}

const folded = (text: string): string => `#stage=${deflateRawSync(text).toString('base64url')}`;
const unfolded = (hash: string): string =>
  inflateRawSync(Buffer.from(hash.slice('#stage='.length), 'base64url')).toString();

describe('a link', () => {
  test('brings cue, network, lanes and tolerance back, in a lab that knew nothing of them', async () => {
    const lanes = makeLanes(LANE_SETS[1]!.lanes);
    const { solve, memories } = stateWith();
    const state = stateWith({
      lanes,
      kind: 'dense',
      memories: { ...memories, dense: { ...memories.dense, degree: 4 } },
      solve: { ...solve, tolerance: 1e-6, iterationLimit: 77, criterion: 'step' },
      work: 'unit-updates',
    });
    const hash = await linkOf(state);
    expect(hash.length).toBeLessThan(1500);
    const opened = await openLink(hash, stateWith({ setId: sets[1]!.id }));
    expect(opened.cue).toEqual(state.cue);
    expect(opened).toMatchObject({ setId: sets[0]!.id, chosen: 4, kind: 'dense', view: 'stage' });
    expect(opened.work).toBe('unit-updates');
    expect(opened.memories).toEqual(state.memories);
    expect(laneWords(opened.lanes!)).toBe('the paper’s four ways');
    expect(opened.solve).toMatchObject({ tolerance: 1e-6, iterationLimit: 77, criterion: 'step' });
  });

  test('holds the iteration that is shown, or that it is the last', async () => {
    const { stage } = stateWith();
    const trace = { energy: Array<number>(8).fill(0) };
    const runs = [{ record: { trace } }] as unknown as typeof stage.runs;
    for (const [time, asked] of [
      [5, 5],
      [7, Infinity],
      [Infinity, Infinity],
    ] as const) {
      const hash = await linkOf(stateWith({ stage: { ...stage, phase: 'done', runs, time } }));
      expect((await openLink(hash, stateWith())).stage?.asked).toBe(asked);
    }
    const link = JSON.parse(unfolded(await linkOf(stateWith()))) as Record<string, unknown>;
    expect((await openLink(folded(JSON.stringify(link)), stateWith())).stage?.asked).toBeNull();
    for (const iteration of [-1, 1.5, 'first', null])
      await expect(openLink(folded(JSON.stringify({ ...link, iteration })), stateWith())).rejects.toThrow(
        /its iteration/,
      );
  });

  test('of a lab that counted nothing but iterations opens with iterations', async () => {
    const link = JSON.parse(unfolded(await linkOf(stateWith()))) as { setup: Record<string, unknown> };
    delete link.setup['work'];
    const opened = await openLink(folded(JSON.stringify(link)), stateWith({ work: 'milliseconds' }));
    expect(opened.work).toBe('iterations');
  });

  test('holds a drawn cue pixel by pixel', async () => {
    const values = letter!.picture.values.map((value, i) => (i % 7 === 0 ? 0.1 * value : value));
    const cue = { ...plainCue({ ...letter!.picture, values }, null), edited: true };
    const opened = await openLink(await linkOf(stateWith({ cue, chosen: -1 })), stateWith());
    expect(opened.cue?.picture.values).toEqual(values);
    expect(opened.chosen).toBe(-1);
  });

  test('holds what is missing', async () => {
    const { width, height, values } = letter!.picture;
    const intact = Uint8Array.from(values, (_, i) => (i % width < 6 ? 0 : 1));
    const picture = { width, height, values: values.map((value, i) => (intact[i] === 0 ? 0 : value)) };
    const cue = { ...plainCue(letter!.picture, letter!.name), picture, intact, edited: true };
    const opened = await openLink(await linkOf(stateWith({ cue })), stateWith());
    expect(opened.cue).toEqual(cue);
  });

  test('has no room for a set of one’s own, and says what has', async () => {
    const own = { id: 'own:1', origin: 'own' as const, set: sets[0]!.set };
    await expect(linkOf(stateWith({ sets: [own], setId: 'own:1' }))).rejects.toThrow(/Save a session/);
  });

  test.each([
    ['', /damaged or cut off/],
    ['!!!', /damaged or cut off/],
    ['AAAA', /damaged or cut off/],
    ['A'.repeat(20_000), /too long/],
  ])('%j is refused in words', async (rest, words) => {
    await expect(openLink(`#stage=${rest}`, stateWith())).rejects.toThrow(words);
  });

  test.each<[string, (link: Record<string, unknown>) => unknown, RegExp]>([
    ['another version', (link) => ({ ...link, version: 1 }), /version/],
    ['an unknown field', (link) => ({ ...link, more: 1 }), /content/],
    ['an unknown set', (link) => ({ ...link, set: 'Nothing' }), /set of memories that there is not/],
    ['an unknown memory', (link) => ({ ...link, cue: { memory: 'ÿ', corruption: null } }), /memory that/],
    [
      'too many lanes',
      ({ setup, ...link }) => {
        const { lanes, ...others } = setup as { readonly lanes: readonly unknown[] };
        return { ...link, setup: { ...others, lanes: Array(7).fill(lanes[0]) } };
      },
      /lanes/,
    ],
    ['no cue', (link) => ({ ...link, cue: { memory: null, corruption: null } }), /no cue/],
    [
      'a mask of another size',
      (link) => ({
        ...link,
        cue: { memory: null, corruption: null, pixels: Array(256).fill(1), mask: '01' },
      }),
      /mask is of another size/,
    ],
    [
      'a cue of another size',
      (link) => ({ ...link, cue: { memory: null, corruption: null, pixels: [1, -1] } }),
      /another size/,
    ],
  ])('%s is refused in words', async (_, change, words) => {
    const link = JSON.parse(unfolded(await linkOf(stateWith()))) as Record<string, unknown>;
    await expect(openLink(folded(JSON.stringify(change(link))), stateWith())).rejects.toThrow(words);
  });

  test('one that unfolds without end is given up', async () => {
    await expect(openLink(folded(' '.repeat(5_000_000)), stateWith())).rejects.toThrow(/unfolds to more/);
  });

  test('`__proto__` in a link reaches nothing', async () => {
    const text = unfolded(await linkOf(stateWith())).replace('{', '{"__proto__":{"polluted":1},');
    await openLink(folded(text), stateWith()).catch(() => undefined);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('2,000 mutated links each open or are refused, and nothing else', async () => {
    const state = stateWith();
    const hash = await linkOf(state);
    const text = unfolded(hash);
    const random = mersenne(11);
    const below = (n: number): number => uniformInt(random, 0, n - 1);
    const mutate = (from: string): string => {
      const at = below(from.length);
      const char = String.fromCharCode(below(128));
      return [
        from.slice(0, at),
        from.slice(0, at) + char + from.slice(at + 1),
        from.slice(0, at) + from.slice(at + 1 + below(9)),
        from.slice(0, at) + from.slice(below(from.length)),
      ][below(4)]!;
    };
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      // Half of them are damaged as text, and so get past the unfolding.
      const mutated = i % 2 === 0 ? `#stage=${mutate(hash.slice(7))}` : folded(mutate(text));
      try {
        const opened = await openLink(mutated, state);
        expect(opened.cue?.picture.values).toHaveLength(256);
        expect(opened.lanes?.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
