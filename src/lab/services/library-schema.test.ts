import { THREE_WAYS } from '../views/stage/lanes';
import { describe, expect, it } from 'vitest';
import { FASTEST } from '../../solve/presets';
import { initialSolvers } from '../../solve/solvers';
import { blankCue, FIRST_CLASSIFY, NO_DAMAGE } from '../store';
import { packSet, parseSession, parseSet } from './library-schema';

const set = {
  name: 'Mine',
  width: 2,
  height: 2,
  memories: [{ name: 'one', picture: { width: 2, height: 2, values: Float32Array.of(1, -1, -1, 1) } }],
};

/** A session as it is read back, but for the numbers that its lanes have on this page. */
function reparsed(record: unknown): unknown {
  const session = parseSession(record);
  return session && { ...session, lanes: session.lanes.map(({ id: _, ...lane }) => lane) };
}

describe('what the library keeps', () => {
  it('gives a set back as it was', () => {
    expect(parseSet(structuredClone(packSet('own:1', 3, set)))).toEqual({ id: 'own:1', position: 3, set });
  });

  it('drops what is not a set', () => {
    const whole = packSet('own:1', 0, set);
    const broken: readonly unknown[] = [
      undefined,
      { ...whole, version: 2 },
      { ...whole, id: 'built-in:Letters' },
      { ...whole, width: 3 },
      { ...whole, width: 1e9 },
      { ...whole, memories: [{ name: 'one', pixels: Int8Array.of(1, 0, 1, 1) }] },
      { ...whole, memories: [{ name: 'one', pixels: [1, 1, 1, 1] }] },
    ];
    for (const record of broken) expect(parseSet(record)).toBeNull();
  });

  it('drops a session whose cue has lost its numbers', () => {
    const picture = { width: 1, height: 2, values: Float32Array.of(1, -1) };
    const session = {
      version: 1,
      setId: 'built-in:Letters',
      chosen: 0,
      cue: {
        picture,
        clean: picture,
        memory: null,
        corruption: null,
        intact: null,
        edited: true,
        strokes: null,
      },
      tool: 'draw',
      brush: 1,
      fit: true,
      corruption: { kind: 'flip', amount: 0.2, seed: 1 },
      kind: 'modern',
      memories: {
        classical: { kind: 'classical', gain: 1 },
        dense: { kind: 'dense', gain: 1, degree: 2 },
        modern: { kind: 'modern', sharpness: 8 },
      },
      solve: {
        schedule: 'even-odd',
        solver: { kind: 'picard', damping: 0 },
        tolerance: 1e-4,
        iterationLimit: 10,
      },
      memoryStart: 'best',
      holdIntact: false,
      speed: 50,
      enginePreference: 'auto',
    };
    const later = {
      preset: null,
      solvers: initialSolvers,
      residualView: { residual: 'map', axis: 'iterations' },
      view: 'stage',
      digit: blankCue(28, 28),
      digitDamage: NO_DAMAGE,
      classify: FIRST_CLASSIFY,
      lanes: THREE_WAYS,
      work: 'iterations',
      earlierRuns: false,
    };
    expect(reparsed(session), 'as sessions were before there was a choice of solvers').toEqual({
      ...session,
      ...later,
    });
    const whole = {
      ...session,
      memories: { ...session.memories, dense: { ...session.memories.dense, dynamics: 'chn' } },
      solve: { ...session.solve, ...FASTEST, local: 'damped', criterion: 'paper' },
      preset: 'fastest',
      solvers: { ...initialSolvers, relaxation: { kind: 'relaxation', omega: 1.3 } },
      residualView: { residual: 'step', axis: 'milliseconds' },
      view: 'bench',
      digit: { ...blankCue(28, 28), edited: true, strokes: [{ size: 2.4, places: [{ x: 3, y: 4.5 }] }] },
      digitDamage: { kind: 'hide-half', amount: 0.5, seed: 3 },
      classify: { models: ['own:mine', 'ham-784-1990-10'], place: false, goOn: true, imagined: 3 },
      lanes: THREE_WAYS.slice(1),
      work: 'unit-updates',
      earlierRuns: true,
    };
    expect(reparsed(whole)).toEqual(whole);
    const { lbfgs, ...fewer } = whole.solvers;
    expect(reparsed({ ...whole, solvers: fewer }), 'as sessions were before there was L-BFGS').toEqual({
      ...whole,
      solvers: { ...fewer, lbfgs },
    });
    const lost = { ...picture, values: Float32Array.of(1, NaN) };
    expect(parseSession({ ...session, cue: { ...session.cue, picture: lost } })).toBeNull();
    expect(parseSession({ ...session, solve: { ...session.solve, tolerance: 0 } })).toBeNull();
  });
});
