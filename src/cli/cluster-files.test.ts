/** docs/cluster: what a scheduler would run, as far as it can be run here. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONFIGURATIONS } from '../experiments/table2/configurations';
import { runMain } from '../testing/run-main';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../docs/cluster', name), 'utf8');

/** The words that Node is given by a script of a shell, which is told to say them instead. */
function wordsOf(script: string, env: Readonly<Record<string, string>>): readonly string[] {
  const said = execFileSync(
    '/bin/sh',
    ['-c', `node() { printf '%s\\n' "$@"; }\n${script.replace('exec node', 'node')}`],
    {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      encoding: 'utf8',
    },
  );
  const [program, ...words] = said.trim().split('\n');
  expect(program).toBe('scripts/attractor.mjs');
  return words;
}

/** Every unit of five seeds once, whatever order shards are in. */
async function expectAllOnce(shards: readonly (readonly string[])[]): Promise<void> {
  const outcomes = await Promise.all(shards.map((words) => runMain([...words, '--dry-run'])));
  const units = outcomes.flatMap(({ code, stderr, stdout }) => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim().split('\n');
  });
  const expected = CONFIGURATIONS.flatMap(({ name }) =>
    [1, 2, 3, 4, 5].map((seed) => `${name}-seed-${seed}.json`),
  );
  expect(units.sort()).toEqual(expected.sort());
}

test('the tasks of the Slurm array do everything once', async () => {
  const script = read('table2.slurm');
  const directives = new Map(
    [...script.matchAll(/^#SBATCH --([a-z-]+)(?:=(.+))?$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const known = ['job-name', 'array', 'ntasks', 'cpus-per-task', 'mem', 'time', 'signal', 'requeue'];
  expect([...directives.keys()].filter((name) => !known.includes(name))).toEqual([]);
  const [, first, last] = /^(\d+)-(\d+)$/.exec(directives.get('array') ?? '') ?? [];
  expect(first).toBe('1');
  const tasks = Array.from({ length: Number(last) }, (_, i) => i + 1);
  await expectAllOnce(
    tasks.map((task) =>
      wordsOf(script, {
        DATA: '/data',
        RESULTS: '/results',
        SLURM_ARRAY_TASK_ID: String(task),
        SLURM_ARRAY_TASK_COUNT: String(last),
      }),
    ),
  );
});

/** The fields of a Job that are used, as Kubernetes' batch/v1 names them; others are refused. */
const jobSchema = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9-]+$/) }),
  spec: z.strictObject({
    completionMode: z.literal('Indexed'),
    completions: z.number().int().positive(),
    parallelism: z.number().int().positive(),
    // Needs restartPolicy Never.
    backoffLimitPerIndex: z.number().int().positive(),
    template: z.strictObject({
      spec: z.strictObject({
        restartPolicy: z.literal('Never'),
        containers: z.tuple([
          z.strictObject({
            name: z.string(),
            image: z.string(),
            workingDir: z.string(),
            command: z.tuple([z.literal('/bin/sh'), z.literal('-c')]),
            args: z.tuple([z.string()]),
            resources: z.strictObject({
              requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
              limits: z.strictObject({ memory: z.string() }),
            }),
            volumeMounts: z.array(
              z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
            ),
          }),
        ]),
        volumes: z.array(
          z.strictObject({
            name: z.string(),
            persistentVolumeClaim: z.strictObject({
              claimName: z.string(),
              readOnly: z.boolean().optional(),
            }),
          }),
        ),
      }),
    }),
  }),
});

test('the indices of the Kubernetes Job do everything once', async () => {
  const { spec } = jobSchema.parse(parse(read('table2.yaml')));
  const { containers, volumes } = spec.template.spec;
  const [{ args, volumeMounts }] = containers;
  expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
  await expectAllOnce(
    Array.from({ length: spec.completions }, (_, i) => wordsOf(args[0], { JOB_COMPLETION_INDEX: String(i) })),
  );
});
