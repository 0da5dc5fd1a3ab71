import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { settingsFault } from '../solve/settings';
import { runJsonSchema, runSchema } from './run-schema';

describe('the schema of a run', () => {
  it('is the one in docs/run-v1.schema.json (`npx vitest run src/records/run-schema.test.ts -u` writes it anew)', async () => {
    const json = await format(JSON.stringify(runJsonSchema()), { parser: 'json', printWidth: 110 });
    await expect(json).toMatchFileSnapshot('../../docs/run-v1.schema.json');
  });

  it('names every field that docs/run-format.md explains, and the other way round', async () => {
    const page = await readFile(new URL('../../docs/run-format.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/^\| `(\w+)/gm)].map((match) => match[1]);
    expect(new Set(explained)).toEqual(new Set(Object.keys(runSchema.shape)));
  });

  it.each([
    { damping: 0, tolerance: 0.5, iterationLimit: 1 },
    { damping: 1, tolerance: 0.5, iterationLimit: 1 },
    { damping: -0.1, tolerance: 0.5, iterationLimit: 1 },
    { damping: 0.5, tolerance: 0, iterationLimit: 1 },
    { damping: 0.5, tolerance: 1, iterationLimit: 1 },
    { damping: 0.5, tolerance: 1e-12, iterationLimit: 1_000_000 },
    { damping: 0.5, tolerance: 1e-12, iterationLimit: 1_000_001 },
    { damping: 0.5, tolerance: 1e-12, iterationLimit: 0 },
  ])('takes the settings that a solver takes: %j', ({ damping, tolerance, iterationLimit }) => {
    const settings = {
      schedule: 'even-odd',
      solver: { kind: 'picard', damping },
      tolerance,
      iterationLimit,
    } as const;
    expect(runSchema.shape.settings.safeParse(settings).success).toBe(settingsFault(settings) === null);
  });
});
