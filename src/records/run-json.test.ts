import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRun, serialiseRun } from './run-json';
import { LONGEST_RUN_TEXT } from './run-parts';
import { anyRun } from '../testing/any-run';
import { sampleRun } from '../testing/sample-run';

const app = { name: 'attractor', version: '0.1.0' };
const savedAt = new Date('2030-02-01T00:00:00Z');
const text = serialiseRun(sampleRun, app, savedAt);

/** A run file to be spoilt: anything may be put anywhere. */
type Draft = ReturnType<typeof JSON.parse>;

/** The message with which `change`d sample is refused. */
function refusal(change: (file: Draft) => void): string {
  const file = JSON.parse(text);
  change(file);
  return refusalOf(JSON.stringify(file));
}

function refusalOf(changed: string): string {
  try {
    parseRun(changed);
  } catch (error) {
    expect(error).toHaveProperty('name', 'FormatError');
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('a run as JSON', () => {
  it('reads back as it was', () => {
    expect(parseRun(text)).toStrictEqual({ record: sampleRun, app, savedAt: '2030-02-01T00:00:00.000Z' });
  });

  it('reads back as it was, whatever the run', () => {
    fc.assert(
      fc.property(anyRun, (record) => {
        expect(parseRun(serialiseRun(record, app)).record).toStrictEqual(record);
      }),
      { numRuns: 200 },
    );
  });

  it('opens a file from before there were other solvers than Picard, as it was then', () => {
    const older = JSON.parse(text);
    delete older.freeUnits;
    delete older.trace.mu;
    delete older.trace.milliseconds;
    expect(Object.keys(older.settings)).toEqual(['schedule', 'solver', 'tolerance', 'iterationLimit']);
    expect(parseRun(JSON.stringify(older)).record).toStrictEqual({
      ...sampleRun,
      freeUnits: null,
      trace: { ...sampleRun.trace, mu: [NaN, NaN, NaN], milliseconds: [NaN, NaN, NaN] },
    });
  });

  it('writes the same text again', () => {
    expect(serialiseRun(parseRun(text).record, app, savedAt)).toBe(text);
  });

  it('writes null for what is not finite, and reads NaN', () => {
    const trace = {
      energy: [1, -Infinity],
      mapResidual: [NaN, Infinity],
      stepResidual: [NaN, 0],
      mu: [NaN, 0.5],
      milliseconds: [0, NaN],
    };
    const finalState = [Float32Array.of(NaN, Infinity, -Infinity, 0, 0, 0, 0, 0, 0), new Float32Array(3)];
    const written = serialiseRun({ ...sampleRun, trace, finalState }, app);
    expect(written).toContain(
      '"trace": {"energy":[1,null],"mapResidual":[null,null],"stepResidual":[null,0],"mu":[null,0.5],"milliseconds":[0,null]}',
    );
    const { record } = parseRun(written);
    expect(record.trace.mapResidual).toEqual([NaN, NaN]);
    expect(record.finalState?.[0]?.slice(0, 4)).toEqual(Float32Array.of(NaN, NaN, NaN, 0));
  });

  it('writes float32 with no more digits than it has', () => {
    expect(text).toContain('"values":[-1,0.1,-1,1,1,0.5,-1.25,1,-1]');
  });

  it('makes names plain when it writes them, and takes markup for the text it is', () => {
    const named = (name: string): string => parseRun(serialiseRun({ ...sampleRun, name }, app)).record.name;
    expect(named('<script>alert("ξ")</script>')).toBe('<script>alert("ξ")</script>');
    expect(named('two\nlines\u0000 \u202eflipped')).toBe('two lines flipped');
    expect(named(`${'a'.repeat(59)}😀`)).toBe('a'.repeat(59));
  });

  it('refuses to write a memory that one bit a pixel cannot hold', () => {
    const [memory] = sampleRun.set.memories;
    const grey = { name: 'grey', picture: { width: 3, height: 3, values: new Float32Array(9) } };
    const set = { ...sampleRun.set, memories: memory ? [memory, grey] : [] };
    expect(() => serialiseRun({ ...sampleRun, set }, app)).toThrow(
      'pixel 0 is 0; a memory holds −1 and +1 only',
    );
  });
});

describe('a run that cannot be read', () => {
  it.each<[string, (file: Draft) => void]>([
    ['format is missing; a run file says "attractor-run"', (f) => delete f.format],
    ['format is "nettle"; a run file says "attractor-run"', (f) => (f.format = 'nettle')],
    [
      'version is 2; this Attractor reads version 1: a newer Attractor wrote this file, and is needed to open it',
      (f) => (f.version = 2),
    ],
    ['version is "1"; this Attractor reads version 1: it must be 1', (f) => (f.version = '1')],
    [
      'savedAt is "today"; it must be a time in UTC such as 2030-01-31T12:00:00Z',
      (f) => (f.savedAt = 'today'),
    ],
    ['name is missing; it must be a text', (f) => delete f.name],
    ['name is "two\\nlines"; it must be plain text', (f) => (f.name = 'two\nlines')],
    ['engine.kind is "tpu"; it must be "cpu" or "webgpu"', (f) => (f.engine.kind = 'tpu')],
    [
      'memory.kind is "quantum"; it must be "classical", "dense" or "modern"',
      (f) => (f.memory.kind = 'quantum'),
    ],
    ['memory.degree is 0.5; it must be at least 1', (f) => (f.memory.degree = 0.5)],
    ['networkHash is "00"; it must be 64 lower-case hex digits', (f) => (f.networkHash = '00')],
    ['set.width is 129; it must be at most 128', (f) => (f.set.width = 129)],
    ['set.height is 0; it must be at least 1', (f) => (f.set.height = 0)],
    ['set.memories is a list of 0; it must have at least 1 entry', (f) => (f.set.memories = [])],
    [
      'set.memories is a list of 1001; it must have at most 1000 entries',
      (f) => (f.set.memories = Array(1001).fill(f.set.memories[0])),
    ],
    [
      'set.memories[1].bits is a list of 1 bytes; 9 pixels at one bit each need 2',
      (f) => (f.set.memories[1].bits = 'gA=='),
    ],
    ['set.memories[2].bits is "?"; it must be base64', (f) => (f.set.memories[2].bits = '?')],
    ['cue.picture is 2 × 3; it must be 3 × 3, as the memories in set are', (f) => (f.cue.picture.width = 2)],
    ['cue.picture.values is a list of 8; 3 × 3 pixels need 9', (f) => f.cue.picture.values.pop()],
    [
      'cue.picture.values[7] is null; it must be a number in the range of float32',
      (f) => (f.cue.picture.values[7] = null),
    ],
    [
      'cue.picture.values[0] is 1e+39; it must be a number in the range of float32',
      (f) => (f.cue.picture.values[0] = 1e39),
    ],
    ['cue.held[3] is 2; it must be a whole number from 0 to 1', (f) => (f.cue.held[3] = 2)],
    ['cue.held is a list of 10; 3 × 3 pixels need 9', (f) => f.cue.held.push(0)],
    [
      'cue.corruption.seed is 4294967296; it must be at most 4294967295',
      (f) => (f.cue.corruption.seed = 2 ** 32),
    ],
    [
      'cue.memoryStart is "last"; it must be "best", "zero" or a list of at most 1000 numbers in the range of float32',
      (f) => (f.cue.memoryStart = 'last'),
    ],
    ['cue.memoryStart is a list of 2; 3 memories need 3', (f) => (f.cue.memoryStart = [0, 1])],
    ['settings.solver.damping is 1; it must be below 1', (f) => (f.settings.solver.damping = 1)],
    [
      'settings.solver.kind is "newton"; it must be "picard", "anderson", "relaxation", "heavy-ball", "barzilai-borwein" or "lbfgs"',
      (f) => (f.settings.solver = { kind: 'newton' }),
    ],
    [
      'settings.solver.window is 9; it must be at most 8',
      (f) => (f.settings.solver = { kind: 'lbfgs', window: 9 }),
    ],
    [
      'settings.solver.omega is 2; it must be below 2',
      (f) => (f.settings.solver = { kind: 'relaxation', omega: 2 }),
    ],
    [
      'settings.solver.omega is "fast"; it must be "auto" or a number between 0 and 2',
      (f) => (f.settings.solver = { kind: 'relaxation', omega: 'fast' }),
    ],
    [
      'settings.solver has a field "damping" that the format does not know; it must be left out',
      (f) => (f.settings.solver = { kind: 'barzilai-borwein', damping: 0 }),
    ],
    ['settings.local is "newton"; it must be "exact" or "damped"', (f) => (f.settings.local = 'newton')],
    ['memory.dynamics is "rbm"; it must be "ham" or "chn"', (f) => (f.memory.dynamics = 'rbm')],
    [
      'memory has a field "dynamics" that the format does not know; it must be left out',
      (f) => (f.memory = { kind: 'modern', sharpness: 8, dynamics: 'chn' }),
    ],
    [
      'trace.milliseconds is a list of 1; it must be as long as trace.energy, 3',
      (f) => (f.trace.milliseconds = [0]),
    ],
    ['settings.tolerance is 0; it must be above 0', (f) => (f.settings.tolerance = 0)],
    ['settings.iterationLimit is 1.5; it must be a whole number', (f) => (f.settings.iterationLimit = 1.5)],
    [
      'settings.iterationLimit is 1000001; it must be at most 1000000',
      (f) => (f.settings.iterationLimit = 1_000_001),
    ],
    [
      'trace.mapResidual is a list of 2; it must be as long as trace.energy, 3',
      (f) => f.trace.mapResidual.pop(),
    ],
    [
      'trace.mapResidual[1] is -1; it must be a finite number from 0 up or null',
      (f) => (f.trace.mapResidual[1] = -1),
    ],
    ['trace.energy[2] is "low"; it must be a finite number or null', (f) => (f.trace.energy[2] = 'low')],
    [
      'trace.energy is a list of 3; settings.iterationLimit 1 allows at most 2 states',
      (f) => (f.settings.iterationLimit = 1),
    ],
    [
      'trace.energy is a list of 1000002; it must have at most 1000001 entries',
      (f) => (f.trace.energy = Array(1_000_002).fill(0)),
    ],
    [
      'stop.iterations is 201; it must be at most settings.iterationLimit, 200',
      (f) => (f.stop.iterations = 201),
    ],
    ['recalled.overlap is 1.5; it must be at most 1', (f) => (f.recalled.overlap = 1.5)],
    ['finalState is a list of 1; it must have at least 2 entries', (f) => f.finalState.pop()],
    ['finalState[0] is a list of 1; 3 × 3 pixels need 9', (f) => (f.finalState[0] = [1])],
    ['finalState[1] is a list of 2; 3 memories need 3', (f) => f.finalState[1].pop()],
    [
      'finalState[1][2] is 1e+39; it must be in the range of float32, as engine.precision says',
      (f) => (f.finalState[1][2] = 1e39),
    ],
    [
      'the file has a field "script" that the format does not know; it must be left out',
      (f) => (f.script = 1),
    ],
  ])('says: %s', (message, change) => {
    expect(refusal(change)).toBe(message);
  });

  it('takes fewer memory units from a classical network, whose units are a basis', () => {
    const file = JSON.parse(text);
    file.memory = { kind: 'classical', gain: 2 };
    file.finalState[1].pop();
    expect(parseRun(JSON.stringify(file)).record.finalState?.[1]?.length).toBe(2);
  });

  it.each([
    ['', 'The file is empty; it must be JSON'],
    [
      '\u0089PNG',
      'The file is not JSON at line 1, column 1 (byte 0): "\u0089" stands where a value was expected',
    ],
    [
      text.slice(0, 200),
      /^The file is cut off: it ends at line \d+, column \d+ \(byte \d+\), where .+ was expected$/,
    ],
    [
      text.replace('0.75', 'NaN'),
      /^The file is not JSON at line 15, column \d+ \(byte \d+\): "NaN" stands where a value was expected$/,
    ],
    [`${text}x`, /: "x" stands where the end of the text was expected$/],
    [
      '{"β": 01}',
      'The file is not JSON at line 1, column 8 (byte 8): "1" stands where "," or "}" was expected',
    ],
    ['[]', 'format is missing; a run file says "attractor-run"'],
    ['null', 'format is missing; a run file says "attractor-run"'],
    [
      text.replace('0.75', '1e999'),
      'trace.mapResidual[0] is Infinity; it must be a finite number from 0 up or null',
    ],
  ])('says where the text is wrong, %#', (broken, message) => {
    expect(refusalOf(broken)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('refuses a text of more than 64 MB before reading it', () => {
    expect(refusalOf(' '.repeat(LONGEST_RUN_TEXT + 1))).toBe(
      'The file has 67108865 characters; a run has at most 67108864 (64 MB)',
    );
  });

  it('refuses __proto__, and leaves the prototype of objects alone', () => {
    const hostile = text.replace('{', '{"__proto__":{"polluted":true},');
    expect(refusalOf(hostile)).toContain('"__proto__"');
    expect(refusalOf(text.replace('"damping"', '"__proto__":{"polluted":true},"damping"'))).toContain(
      'settings.solver',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('answers any damage with a FormatError of one line, or with a valid run', () => {
    const damage = fc.record({
      at: fc.nat({ max: text.length }),
      remove: fc.nat({ max: 12 }),
      insert: fc.oneof(
        fc.constantFrom(
          '',
          '0',
          '-',
          '1e99',
          '"',
          '\\',
          ',',
          '[',
          ']',
          '{',
          '}',
          'null',
          '\u0000',
          'NaN',
          '__proto__',
        ),
        fc.string({ maxLength: 4 }),
      ),
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (hits) => {
        const broken = hits.reduce(
          (s, { at, remove, insert }) => s.slice(0, at) + insert + s.slice(at + remove),
          text,
        );
        try {
          const { record } = parseRun(broken);
          expect(parseRun(serialiseRun(record, app)).record).toStrictEqual(record);
        } catch (error) {
          expect(error).toHaveProperty('name', 'FormatError');
          expect((error as Error).message).toMatch(/^[^\p{Cc}]+$/u);
          refused++;
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(250);
  });
});
