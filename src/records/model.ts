/**
 * A trained network as a file: a chain of layers in safetensors. `docs/model-format.md` describes it.
 *
 *     W.0 [n0, n1], W.1 [n1, n2], …    weights between neighbours
 *     b.1 [n1], b.2 [n2], …            biases; b.0 may be there too
 *     activation, dynamics             in the metadata
 */
import { activationFault, type Activation } from '../network/activation';
import type { Floats } from '../numbers/floats';
import { createChain, type Dynamics, type Layer, type Network } from '../network/network';
import { ACTIVATION_NAMES, activationName, parseActivation } from './activation-name';
import { FormatError } from '../codecs/format-error';
import { readSafetensors, writeSafetensors, type Tensor, type TensorFile } from '../codecs/safetensors';
import { describeValue } from '../codecs/schema-issue';

/** Between the activations of layers that do not share one. */
const SEPARATOR = '|';

const TENSOR_NAME = /^[Wb]\.(?:0|[1-9]\d{0,8})$/;

/**
 * @param dynamics overrules what the file says; needed where it says nothing
 * @throws FormatError when the file is no safetensors file, a tensor is missing, misshapen, unknown or holds a number
 *   that is not finite, or the metadata names no activation or dynamics that there is.
 * @throws NetworkError when these make no network: softmax in a CHN.
 */
export function readModel(bytes: Uint8Array, dynamics?: Dynamics): Network {
  const { tensors, metadata } = readSafetensors(bytes);
  const unknown = [...tensors.keys()].find((name) => !TENSOR_NAME.test(name));
  if (unknown !== undefined) {
    throw new FormatError(
      `tensor ${describeValue(unknown)} has no place in a model; its tensors are W.0, W.1, … and b.1, b.2, …`,
    );
  }
  const weights = readWeights(tensors);
  const units = [weights[0]?.shape[0] ?? 0, ...weights.map(({ shape }) => shape[1] ?? 0)];
  const biases = readBiases(tensors, units);
  const activations = readActivations(metadata, units.length);
  const layers = units.map((n, l): Layer => {
    const bias = biases[l];
    return {
      name: String(l),
      units: n,
      activation: activations[l] ?? { kind: 'identity' },
      ...(bias ? { bias } : {}),
    };
  });
  return createChain(
    layers,
    weights.map(({ values }) => values),
    dynamics ?? readDynamics(metadata),
  );
}

function readWeights(tensors: TensorFile['tensors']): readonly Tensor[] {
  const weights: Tensor[] = [];
  for (let tensor = tensors.get('W.0'); tensor; tensor = tensors.get(`W.${weights.length}`)) {
    const name = `W.${weights.length}`;
    const { shape } = tensor;
    const rows = weights.at(-1)?.shape[1];
    if (shape.length !== 2 || shape.includes(0)) {
      throw new FormatError(
        `tensor ${name} has shape [${shape.join(', ')}]; it must have two dimensions of 1 or more`,
      );
    }
    if (rows !== undefined && shape[0] !== rows) {
      throw new FormatError(
        `tensor ${name} has shape [${shape.join(', ')}]; it must have ${rows} rows, as many as W.${weights.length - 1} has columns`,
      );
    }
    checkFinite(name, tensor);
    weights.push(tensor);
  }
  const beyond = [...tensors.keys()].find(
    (name) => name.startsWith('W') && Number(name.slice(2)) >= weights.length,
  );
  if (weights.length === 0 || beyond !== undefined) {
    throw new FormatError(
      `tensor W.${weights.length} is missing; ${beyond ? `a model with ${beyond}` : 'a model'} needs it`,
    );
  }
  return weights;
}

function readBiases(
  tensors: TensorFile['tensors'],
  units: readonly number[],
): readonly (Floats | undefined)[] {
  const astray = [...tensors.keys()].find(
    (name) => name.startsWith('b') && Number(name.slice(2)) >= units.length,
  );
  if (astray !== undefined) {
    throw new FormatError(`tensor ${astray} belongs to no layer; the layers are 0 to ${units.length - 1}`);
  }
  return units.map((n, l) => {
    const tensor = tensors.get(`b.${l}`);
    if (!tensor && l === 0) return undefined;
    if (!tensor) {
      throw new FormatError(`tensor b.${l} is missing; layer ${l} has ${n} units, so it must be [${n}]`);
    }
    const { shape, values } = tensor;
    if (shape.length !== 1 || shape[0] !== n) {
      throw new FormatError(
        `tensor b.${l} has shape [${shape.join(', ')}]; layer ${l} has ${n} units, so it must be [${n}]`,
      );
    }
    checkFinite(`b.${l}`, tensor);
    return values;
  });
}

function checkFinite(name: string, { shape, values }: Tensor): void {
  const at = values.findIndex((x) => !Number.isFinite(x));
  if (at < 0) return;
  const columns = shape.at(-1) ?? 1;
  const place = shape.length === 2 ? `${Math.floor(at / columns)}, ${at % columns}` : String(at);
  throw new FormatError(
    `tensor ${name} holds ${String(values[at])} at [${place}]; every number must be finite`,
  );
}

function readActivations(metadata: TensorFile['metadata'], layers: number): readonly Activation[] {
  const text = metadata.get('activation');
  if (text === undefined) {
    throw new FormatError(`the metadata has no activation; it must be ${ACTIVATION_NAMES}`);
  }
  const names = text.split(SEPARATOR, layers + 2);
  if (names.length !== 1 && names.length !== layers) {
    throw new FormatError(
      `activation in the metadata lists ${names.length > layers ? `more than ${layers}` : names.length} names for ${layers} layers; it must be one name, or one a layer with | between them`,
    );
  }
  const activations = names.map((name) => {
    const activation = parseActivation(name);
    if (!activation) {
      throw new FormatError(
        `activation in the metadata is ${describeValue(name)}; it must be ${ACTIVATION_NAMES}`,
      );
    }
    const fault = activationFault(activation);
    if (fault !== null) {
      throw new FormatError(`activation in the metadata is ${describeValue(name)}: ${fault}`);
    }
    return activation;
  });
  const [only] = activations;
  return activations.length === 1 && only ? Array.from({ length: layers }, () => only) : activations;
}

function readDynamics(metadata: TensorFile['metadata']): Dynamics {
  const text = metadata.get('dynamics');
  if (text === 'ham' || text === 'chn') return text;
  if (text === undefined) throw new FormatError('the metadata has no dynamics; it must be ham or chn');
  throw new FormatError(`dynamics in the metadata is ${describeValue(text)}; it must be ham or chn`);
}

/**
 * Writes a chain of layers; layers without a bias get zeros. With float16, weights and biases take half the bytes, rounded. What `readModel` reads back is the same but for the
 * layers' names.
 * @throws FormatError when the network is no chain: the format has no place for other connections.
 * @public
 */
export function writeModel(
  { dynamics, layers, connections }: Network,
  weights: 'as they are' | 'float16' = 'as they are',
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  const put = (name: string, shape: readonly number[], values: Floats): void =>
    void tensors.set(name, { shape, values, ...(weights === 'float16' ? { half: true } : {}) });
  for (let l = 0; l + 1 < layers.length; l++) {
    const found = connections.find(({ from, to }) => from === l && to === l + 1);
    const shape = [layers[l]?.units ?? 0, layers[l + 1]?.units ?? 0];
    if (found) put(`W.${l}`, shape, found.weights);
  }
  if (layers.length < 2 || tensors.size !== layers.length - 1 || connections.length !== tensors.size) {
    throw new FormatError(
      'a model file holds two or more layers in a chain, each connected to the next and to no other',
    );
  }
  for (const [l, { units, bias }] of layers.entries()) {
    if (bias || l > 0) put(`b.${l}`, [units], bias ?? new Float32Array(units));
  }
  const names = layers.map(({ activation }) => activationName(activation));
  const activation = new Set(names).size === 1 ? (names[0] ?? '') : names.join(SEPARATOR);
  return writeSafetensors({
    tensors,
    metadata: new Map([
      ['activation', activation],
      ['dynamics', dynamics],
    ]),
  });
}
