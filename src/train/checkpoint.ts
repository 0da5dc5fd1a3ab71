/**
 * Training as a file, so that it can go on where it was: a safetensors file with the weights as in a model, what the optimiser
 * remembers (`moment.0.W.0`, …), and the rest as JSON in the metadata.
 */
import { z } from 'zod';
import { FormatError } from '../codecs/format-error';
import { readSafetensors, writeSafetensors, type Tensor } from '../codecs/safetensors';
import type { TrainableNetwork } from '../engine/trainable';
import type { Trainer, TrainingReport } from './trainer';

/** Where training is. */
export type Position = {
  readonly epoch: number;
  /** Batches of this epoch that are done. */
  readonly step: number;
  /** What they came to. */
  readonly report: TrainingReport;
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

/** @param settings in words; `restoreCheckpoint` asks for the same */
export function writeCheckpoint(
  trainable: TrainableNetwork,
  trainer: Trainer,
  { epoch, step, report }: Position,
  settings: string,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  const put = (name: string, values: Float32Array): void =>
    void tensors.set(name, { shape: [values.length], values });
  for (const [i, parameter] of trainable.parameters.entries()) {
    put(parameter.name, parameter.ordered(parameter.values));
    for (const [k, moment] of trainer.states[i]?.moments.entries() ?? [])
      put(`moment.${k}.${parameter.name}`, parameter.ordered(moment.values));
  }
  const largest = trainer.states.map(({ largest }) => (Number.isFinite(largest) ? largest : null));
  const state = { format: FORMAT, version: 1, settings, epoch, step, steps: trainer.steps, report, largest };
  return writeSafetensors({ tensors, metadata: new Map([[KEY, JSON.stringify(state)]]) });
}

/**
 * Brings a network and its trainer to where the file says.
 * @throws FormatError when the file is no checkpoint, is of another network, or of other settings
 */
export function restoreCheckpoint(
  bytes: Uint8Array,
  trainable: TrainableNetwork,
  trainer: Trainer,
  settings: string,
): Position {
  const { tensors, metadata } = readSafetensors(bytes);
  const state = readState(metadata.get(KEY));
  if (state.settings !== settings) {
    throw new FormatError(
      `this checkpoint is of other settings (${state.settings}); give those again, or begin anew without --resume`,
    );
  }
  const arrays = trainable.parameters.map((parameter, i) => {
    const names = [
      parameter.name,
      ...(trainer.states[i]?.moments ?? []).map((_, k) => `moment.${k}.${parameter.name}`),
    ];
    return names.map((name) => {
      const values = tensors.get(name)?.values;
      if (values?.length === parameter.count) return values;
      throw new FormatError(
        `tensor ${name} has ${values?.length ?? 0} numbers; this training has ${parameter.count}`,
      );
    });
  });
  for (const [i, parameter] of trainable.parameters.entries()) {
    const [values, ...moments] = arrays[i] ?? [];
    if (values) parameter.place(values, parameter.values);
    for (const [k, moment] of moments.entries()) {
      const kept = trainer.states[i]?.moments[k];
      if (kept) parameter.place(moment, kept.values);
    }
  }
  trainable.changed();
  trainer.goOn(state.steps, state.largest);
  const { epoch, step, report } = state;
  return { epoch, step, report };
}

function readState(text: string | undefined): z.infer<typeof positionSchema> {
  if (text === undefined) throw new FormatError('this is no checkpoint of a training');
  try {
    return positionSchema.parse(JSON.parse(text));
  } catch {
    throw new FormatError('what the checkpoint says of its training cannot be read');
  }
}
