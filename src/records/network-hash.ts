/**
 * What a network is, in 64 hex digits: two networks with the same hash have the same fixed points.
 *
 * The bytes hashed (SHA-256) are, in order:
 *
 * 1. a JSON line in UTF-8, ended by a line feed: `{"layers":[{"units":…,"activation":{…}},…],
 *    "connections":[{"from":…,"to":…},…]}`, the activation's keys in alphabetical order; a CHN's line begins
 *    with `{"dynamics":"chn",`;
 * 2. for each layer its bias, one float32 (little-endian) a unit, zeros where there is none;
 * 3. for each connection its weights, one float32 (little-endian) each, row-major.
 *
 * Numbers are rounded to float32 first, and −0 counts as 0: a network held in float64 and its float32
 * copy are the same network, since float32 is what the engines compute with unless asked otherwise. It
 * also halves the work: 16,384 × 1,000 weights are 65 MB. Layer names are labels and are left out.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, swap32IfBE, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Activation } from '../network/activation';
import type { Floats } from '../numbers/floats';
import type { Network } from '../network/network';

/** Numbers turned to bytes at a time. */
const CHUNK = 16_384;

type Hasher = { update(bytes: Uint8Array): unknown };

function hashFloats(hash: Hasher, values: Floats): void {
  const chunk = new Float32Array(CHUNK);
  for (let at = 0; at < values.length; at += CHUNK) {
    const count = Math.min(CHUNK, values.length - at);
    for (let i = 0; i < count; i++) chunk[i] = (values[at + i] ?? 0) + 0;
    swap32IfBE(new Uint32Array(chunk.buffer, 0, count));
    hash.update(new Uint8Array(chunk.buffer, 0, 4 * count));
  }
}

function sortedKeys(activation: Activation): Record<string, string | number> {
  return Object.fromEntries(Object.entries(activation).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of a network's dynamics, shapes, activations, biases and weights: 64 lower-case hex digits. */
export function networkHash({ dynamics, layers, connections }: Network): string {
  const hash = sha256.create();
  const structure = {
    ...(dynamics === 'ham' ? {} : { dynamics }),
    layers: layers.map(({ units, activation }) => ({ units, activation: sortedKeys(activation) })),
    connections: connections.map(({ from, to }) => ({ from, to })),
  };
  hash.update(utf8ToBytes(`${JSON.stringify(structure)}\n`));
  for (const { units, bias } of layers) hashFloats(hash, bias ?? new Float32Array(units));
  for (const { weights } of connections) hashFloats(hash, weights);
  return bytesToHex(hash.digest());
}
