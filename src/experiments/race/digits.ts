/** Digits that a trained network is to read, damaged or not, as one batch. */
import type { Network } from '../../network/network';
import { inputQuery, type Query } from '../../network/query';
import { corrupt } from '../../patterns/corrupt';
import type { Picture } from '../../patterns/picture';
import { inkOf } from '../../patterns/place-digit';
import type { RaceCue } from './cues';
import type { Pause } from './pause';
import type { Race } from './race';

/** A digit, +1 for ink and −1 for paper, and what it is. */
export type LabelledDigit = { readonly picture: Picture; readonly label: number };

/** The first layer held at the digits, each damaged as its cue says. */
export async function digitQuery(
  network: Network,
  digits: (item: number) => LabelledDigit,
  cues: readonly RaceCue[],
  pause: Pause,
): Promise<Query> {
  const pixels = network.layers[0]?.units ?? 0;
  const inputs = new Float32Array(cues.length * pixels);
  for (const [sample, { item, corruption }] of cues.entries()) {
    await pause();
    inputs.set(corrupt(digits(item).picture, corruption).picture.values.map(inkOf), sample * pixels);
  }
  return inputQuery(network, inputs, cues.length);
}

/** Right is the largest of what the layers show, the outputs, at the place of the label. */
export function isRead(digits: (item: number) => LabelledDigit, cues: readonly RaceCue[]): Race['isRight'] {
  const labels = cues.map(({ item }) => digits(item).label);
  return (outputs, sample) => outputs.indexOf(Math.max(...outputs)) === labels[sample];
}
