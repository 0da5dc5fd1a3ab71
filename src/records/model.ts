/**
 * A trained network as a file: a chain of layers in safetensors. `docs/model-format.md` describes it.
 *
 *     W.0 [n0, n1], W.1 [n1, n2], …    weights between neighbours
 *     b.1 [n1], b.2 [n2], …            biases; b.0 may be there too
 *     start.…, curvature.…             what has been learned of its equilibria, where it has been
 *     activation, dynamics             in the metadata
 */
import { activationFault, type Activation } from '../network/activation';
import type { Floats } from '../numbers/floats';
import type { Learned, LearnedCurvature, LowRank } from '../network/learned';
import { evenLayers } from '../network/even-layers';
import { createChain, type Dynamics, type Layer, type Network } from '../network/network';
import { ACTIVATION_NAMES, activationName, parseActivation } from './activation-name';
import { FormatError } from '../codecs/format-error';
import { readSafetensors, writeSafetensors, type Tensor, type TensorFile } from '../codecs/safetensors';
import { describeValue } from '../codecs/schema-issue';

/** Between the activations of layers that do not share one. */
const SEPARATOR = '|';

const TENSOR_NAME =
  /^(?:[Wb]\.(?:0|[1-9]\d{0,8})|start\.(?:directions|doubt|\d\.(?:down|up))|curvature\.(?:down|up|inverse|reach))$/;

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
      `tensor ${describeValue(unknown)} has no place in a model; its tensors are W.0, W.1, … and b.1, b.2, …, and those of a learned start`,
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
  const network = createChain(
    layers,
    weights.map(({ values }) => values),
    dynamics ?? readDynamics(metadata),
  );
  const learned = readLearned(tensors, network);
  return learned ? { ...network, learned } : network;
}

/** The even layers' states are predicted, and curved, as one. */
function readLearned(tensors: TensorFile['tensors'], network: Network): Learned | null {
  const even = evenLayers(network).map((l) => network.layers[l]?.units ?? 0);
  const [n, last] = [even.reduce((sum, units) => sum + units, 0), even.at(-1) ?? 0];
  const names = [...tensors.keys()].filter((name) => !/^[Wb]/.test(name));
  const [first] = names;
  if (first === undefined) return null;
  if (n === 0)
    throw new FormatError(`tensor ${first} needs an even layer beyond the first, and there is none`);
  const take = (name: string, rows: number | null, columns: number | null): Tensor => {
    const tensor = tensors.get(name);
    const shape = tensor?.shape ?? [];
    const right =
      shape.length === 2 &&
      !shape.includes(0) &&
      (rows === null || shape[0] === rows) &&
      (columns === null || shape[1] === columns);
    const wanted = `[${rows ?? 'any'}, ${columns ?? 'any'}]`;
    if (!tensor) throw new FormatError(`tensor ${name} is missing; ${first} needs it, ${wanted}`);
    if (!right) throw new FormatError(`tensor ${name} has shape [${shape.join(', ')}]; it must be ${wanted}`);
    checkFinite(name, tensor);
    return tensor;
  };
  const factors = (name: string, inputs: number): LowRank => {
    const down = take(`${name}.down`, inputs, null);
    const rank = down.shape[1] ?? 0;
    return { rank, down: down.values, up: take(`${name}.up`, rank, n).values };
  };
  const curvature = (): LearnedCurvature | null => {
    const found = names.filter((name) => name.startsWith('curvature'));
    const inverse = found.some((name) => /inverse|reach/.test(name));
    if (found.length === 0) return null;
    if (!inverse) return { form: 'steps', ...factors('curvature', n) };
    if (found.length > 2)
      throw new FormatError('curvature.inverse and curvature.reach stand without others of curvature');
    const down = take('curvature.inverse', n, n).values;
    return { form: 'inverse', rank: n, down, up: take('curvature.reach', n, n).values };
  };
  const directions = take('start.directions', last + 1, null);
  const numbers = names.flatMap((name) => /^start\.(\d)/.exec(name)?.[1] ?? []).map(Number);
  const stages = Math.max(0, ...numbers.map((number) => number + 1));
  if (stages === 0) throw new FormatError(`tensor start.0.down is missing; ${first} needs it`);
  const gap = Array.from({ length: stages }, (_, i) => i).find((i) => !tensors.has(`start.${i}.down`));
  if (gap !== undefined)
    throw new FormatError(
      `tensor start.${gap}.down is missing; a model with start.${stages - 1}.down needs it`,
    );
  const inputs = n + 1 + (directions.shape[1] ?? 0);
  return {
    start: {
      directions: directions.values,
      stages: Array.from({ length: stages }, (_, i) => factors(`start.${i}`, inputs)),
      doubt: tensors.has('start.doubt') ? (take('start.doubt', 1, 1).values[0] ?? Infinity) : Infinity,
    },
    curvature: curvature(),
  };
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
  { dynamics, layers, connections, learned }: Network,
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
  // What is learned is a guess: a thousandth more or less of it costs nothing.
  const half = (name: string, shape: readonly number[], values: Floats): void =>
    void tensors.set(name, { shape, values, half: true });
  const factors = (name: string, { rank, down, up }: LowRank): void => {
    half(`${name}.down`, [down.length / rank, rank], down);
    half(`${name}.up`, [rank, up.length / rank], up);
  };
  if (learned) {
    const { directions, stages, doubt } = learned.start;
    const rows = (layers[evenLayers({ layers, connections }).at(-1) ?? 0]?.units ?? 0) + 1;
    half('start.directions', [rows, directions.length / rows], directions);
    for (const [i, stage] of stages.entries()) factors(`start.${i}`, stage);
    if (doubt < Infinity) half('start.doubt', [1, 1], Float32Array.of(doubt));
    const { curvature } = learned;
    if (curvature?.form === 'steps') factors('curvature', curvature);
    if (curvature?.form === 'inverse') {
      half('curvature.inverse', [curvature.rank, curvature.rank], curvature.down);
      half('curvature.reach', [curvature.rank, curvature.rank], curvature.up);
    }
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
