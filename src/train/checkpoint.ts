/**
 * Training as a file, so that it can go on where it was: a safetensors file with the weights as in a model, what the optimiser
 * remembers (`moment.0.W.0`, …), and the rest as JSON in the metadata.
 */
import { z } from 'zod';
import { FormatError } from '../codecs/format-error';
import { readSafetensors, writeSafetensors, type Tensor } from '../codecs/safetensors';
import type { LearnerState, LearningReport } from '../engine/learning';

/** Where training is. */
export type Position = {
  readonly epoch: number;
  /** Batches of this epoch that are done. */
  readonly step: number;
  /** What they came to. */
  readonly report: LearningReport;
};

const FORMAT = 'attractor-training';
const KEY = 'training';

const count = z.number().int().min(0);

const positionSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  /** What must be as it was for the training to be the same. */
  settings: z.string(),
  epoch: count,
  step: count,
  steps: count,
  report: z.object({
    samples: count,
    loss: z.number(),
    correct: count,
    iterations: count,
    didNotConverge: count,
    noMinimum: count,
  }),
  /** Madam's largest weight, one a parameter; null where there is no bound. */
  largest: z.array(z.number().nullable()),
});

/** @param settings in words; `readCheckpoint` asks for the same */
export function writeCheckpoint(
  { steps, learned }: LearnerState,
  { epoch, step, report }: Position,
  settings: string,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  const put = (name: string, values: Float32Array): void =>
    void tensors.set(name, { shape: [values.length], values });
  for (const { name, values, moments } of learned) {
    put(name, values);
    for (const [k, moment] of moments.entries()) put(momentName(k, name), moment);
  }
  const largest = learned.map(({ largest }) => (Number.isFinite(largest) ? largest : null));
  const state = { format: FORMAT, version: 1, settings, epoch, step, steps, report, largest };
  return writeSafetensors({ tensors, metadata: new Map([[KEY, JSON.stringify(state)]]) });
}

const momentName = (k: number, name: string): string => `moment.${k}.${name}`;

/**
 * Where the file says that a training was.
 * @param like a state of the learner that is to go on from there
 * @throws FormatError when the file is no checkpoint, is of another network, or of other settings
 */
export function readCheckpoint(
  bytes: Uint8Array,
  like: LearnerState,
  settings: string,
): { readonly state: LearnerState; readonly position: Position } {
  const { tensors, metadata } = readSafetensors(bytes);
  const { steps, largest, epoch, step, report, ...kept } = readState(metadata.get(KEY));
  if (kept.settings !== settings) {
    throw new FormatError(
      `this checkpoint is of other settings (${kept.settings}); give those again, or begin anew without --resume`,
    );
  }
  const find = (name: string, count: number): Float32Array => {
    const values = tensors.get(name)?.values;
    if (values?.length !== count)
      throw new FormatError(`tensor ${name} has ${values?.length ?? 0} numbers; this training has ${count}`);
    if (!values.every(Number.isFinite))
      throw new FormatError(`tensor ${name} holds a number that is not finite`);
    return Float32Array.from(values);
  };
  const learned = like.learned.map(({ name, values: { length }, moments }, i) => ({
    name,
    values: find(name, length),
    moments: moments.map((_, k) => find(momentName(k, name), length)),
    largest: largest[i] ?? Infinity,
  }));
  return { state: { steps, learned }, position: { epoch, step, report } };
}

function readState(text: string | undefined): z.infer<typeof positionSchema> {
  if (text === undefined) throw new FormatError('this is no checkpoint of a training');
  try {
    return positionSchema.parse(JSON.parse(text));
  } catch {
    throw new FormatError('what the checkpoint says of its training cannot be read');
  }
}
