/** Letters and digits written by many hands come back, with what the lab opens with. The end-to-end test draws some of them in a page. */
import { expect, test } from 'vitest';
import { FLOAT32 } from '../testing/every-engine';
import { solve } from '../engine/solve';
import { activate } from '../network/activation';
import { brushFor, fitDrawing, lieOf } from '../patterns/fit-drawing';
import { drawnDigits, drawnLetters, hands, write } from '../testing/hands';
import { overlap, type MemorySet } from '../patterns/picture';
import { digits } from '../patterns/sets/digits';
import { letters } from '../patterns/sets/letters';
import { FASTEST } from '../solve/presets';
import { cueQuery, storeMemories, VISIBLE } from '../memory/associative';
import { defaultMemory } from '../memory/parameters';
import { verdictOf } from '../memory/verdict';

/** An engine of each kind draws with a seed of its own, that nothing was tuned on. */
const SEEDS = { 'CPU, SIMD': 101, 'WebGPU, as its rule has it': 202 };
const SHARE = 0.9;

type Drawn = { readonly glyph: string; readonly hand: string; readonly values: Float32Array };

function drawAll(set: MemorySet, glyphs: readonly string[], seed: number): readonly Drawn[] {
  const lie = lieOf(set);
  if (!lie) throw new Error(`${set.name} cannot be fitted to`);
  const size = brushFor(lie, set.width);
  return hands.flatMap((hand) =>
    glyphs.map((glyph) => {
      const strokes = write(glyph, hand, seed, set.width, set.height).map((places) => ({ size, places }));
      const values = fitDrawing(strokes, lie)?.values ?? new Float32Array();
      return { glyph, hand: hand.name, values };
    }),
  );
}

const sets = [
  { set: letters, glyphs: drawnLetters },
  { set: digits, glyphs: drawnDigits },
];

test.each(
  Object.entries(SEEDS).flatMap(([name, seed]) =>
    (['classical', 'dense', 'modern'] as const).map((kind) => ({ name, seed, kind })),
  ),
)('$kind on $name', async ({ name, seed, kind }) => {
  const engine = await FLOAT32.find((each) => each.name === name)!.create();
  const missed: string[] = [];
  let all = 0;
  for (const { set, glyphs } of sets) {
    const drawn = drawAll(set, glyphs, seed);
    const network = storeMemories(
      defaultMemory(kind),
      set.memories.map(({ picture }) => picture.values),
    );
    const loaded = await engine.load(network);
    const starts = drawn.map(({ values }) => cueQuery(network, values, 'best').start);
    const { states } = await solve(
      loaded,
      {
        batch: drawn.length,
        start: network.layers.map((_, l) =>
          Float32Array.from(starts.flatMap((start) => [...(start[l] ?? [])])),
        ),
        clamped: [false, false],
      },
      { ...FASTEST, tolerance: 1e-4, iterationLimit: 500 },
    );
    const visible = network.layers[VISIBLE];
    const output = Float64Array.from(states[VISIBLE] ?? []);
    if (visible) activate(visible.activation, output, output, 0, output.length);
    const names = set.memories.map(({ name }) => name);
    for (const [i, { glyph, hand }] of drawn.entries()) {
      const seen = output.subarray(i * set.width * set.height, (i + 1) * set.width * set.height);
      const overlaps = set.memories.map(({ picture }) => overlap(picture.values, seen));
      const verdict = verdictOf(names, overlaps, seen);
      if (verdict.kind !== 'recalled' || verdict.memory !== glyph)
        missed.push(`${glyph} (${hand}): ${verdict.kind} ${'memory' in verdict ? verdict.memory : ''}`);
      all++;
    }
    loaded.destroy();
  }
  engine.destroy();
  console.log(`${kind}: ${all - missed.length} of ${all} come back`, missed.join('; '));
  expect(missed.length / all, missed.join('\n')).toBeLessThanOrEqual(1 - SHARE);
});
