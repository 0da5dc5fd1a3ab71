import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createChain, createNetwork, type Layer } from '../network/network';
import { networkHash } from './network-hash';

const visible: Layer = { name: 'visible', units: 2, activation: { kind: 'tanh', gain: 2 } };
const hidden: Layer = { name: 'memory', units: 3, activation: { kind: 'rectified-polynomial', degree: 3 } };
const weights = [0.5, -1.25, 3, 0, 2, -0.75];

describe('networkHash', () => {
  it('is SHA-256 over the documented bytes', () => {
    const bytes = Buffer.concat([
      Buffer.from(
        '{"layers":[{"units":2,"activation":{"gain":2,"kind":"tanh"}},' +
          '{"units":3,"activation":{"degree":3,"kind":"rectified-polynomial"}}],"connections":[{"from":0,"to":1}]}\n',
      ),
      ...[0, 0, 0.5, 0, -1, ...weights].map((x) => {
        const b = Buffer.alloc(4);
        b.writeFloatLE(x);
        return b;
      }),
    ]);
    const biased = { ...hidden, bias: Float64Array.of(0.5, 0, -1) };
    expect(networkHash(createChain([visible, biased], [Float32Array.from(weights)]))).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  });

  it('is the same for the same values in float64, with −0 for 0, with a zero bias and under other names', () => {
    const plain = networkHash(createChain([visible, hidden], [Float32Array.from(weights)]));
    const same = createChain(
      [{ ...visible, name: 'picture', bias: Float64Array.of(0, -0) }, hidden],
      [Float64Array.from(weights, (w) => (w === 0 ? -0 : w))],
    );
    expect(networkHash(same)).toBe(plain);
  });

  it('begins with the dynamics of a CHN, and with nothing for a HAM', () => {
    const w = Float32Array.from(weights);
    const bytes = Buffer.concat([
      Buffer.from(
        '{"dynamics":"chn","layers":[{"units":2,"activation":{"gain":2,"kind":"tanh"}},' +
          '{"units":3,"activation":{"degree":3,"kind":"rectified-polynomial"}}],"connections":[{"from":0,"to":1}]}\n',
      ),
      Buffer.alloc(4 * 5),
      Buffer.from(w.buffer),
    ]);
    expect(networkHash(createChain([visible, hidden], [w], 'chn'))).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
    expect(networkHash(createChain([visible, hidden], [w], 'ham'))).toBe(
      networkHash(createChain([visible, hidden], [w])),
    );
  });

  it('differs when a weight, a bias, a parameter or a connection differs', () => {
    const w = Float32Array.from(weights);
    const nudged = w.with(4, 2.0000002384185791);
    const square: Layer = { ...hidden, units: 2 };
    const hashes = [
      createChain([visible, hidden], [w]),
      createChain([visible, hidden], [nudged]),
      createChain([{ ...visible, bias: Float32Array.of(0, 1) }, hidden], [w]),
      createChain([{ ...visible, activation: { kind: 'tanh', gain: 2.5 } }, hidden], [w]),
      createNetwork([hidden, visible], [{ from: 0, to: 1, weights: w }]),
      createNetwork([visible, square], [{ from: 0, to: 1, weights: w.slice(0, 4) }]),
      createNetwork([visible, square], [{ from: 1, to: 0, weights: w.slice(0, 4) }]),
    ].map(networkHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('reads weights that are longer than one chunk to the end', () => {
    const large = (last: number): string => {
      const layers: Layer[] = [
        { name: 'a', units: 20_000, activation: { kind: 'identity' } },
        { name: 'b', units: 1, activation: { kind: 'identity' } },
      ];
      return networkHash(createChain(layers, [new Float32Array(20_000).fill(last, 19_999)]));
    };
    expect(large(1)).not.toBe(large(2));
  });
});
