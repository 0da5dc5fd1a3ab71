/** Activations by the names that model files have for them. */
import type { Activation } from '../network/activation';

/** For error messages and help. */
export const ACTIVATION_NAMES =
  'sigmoid(4s-2), identity, tanh, tanh(2.5s), relu, rectified-polynomial(3) or softmax(8)';

const NUMBER = '(\\d{1,40}(?:\\.\\d{1,40})?(?:e[+-]?\\d{1,3})?)';
const TANH = new RegExp(`^tanh\\(${NUMBER}s\\)$`);
const POLYNOMIAL = new RegExp(`^rectified-polynomial\\(${NUMBER}\\)$`);
const SOFTMAX = new RegExp(`^softmax\\(${NUMBER}\\)$`);

const PLAIN: Readonly<Record<string, Activation>> = {
  'sigmoid(4s-2)': { kind: 'sigmoid' },
  identity: { kind: 'identity' },
  relu: { kind: 'relu' },
  tanh: { kind: 'tanh', gain: 1 },
  'tanh(s)': { kind: 'tanh', gain: 1 },
};

/** The activation of that name, spaces aside, or null where there is none. */
export function parseActivation(name: string): Activation | null {
  const text = name.replaceAll(' ', '');
  if (Object.hasOwn(PLAIN, text)) return PLAIN[text] ?? null;
  const parameter = (pattern: RegExp): number | null => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  const gain = parameter(TANH);
  if (gain !== null) return { kind: 'tanh', gain };
  const degree = parameter(POLYNOMIAL);
  if (degree !== null) return { kind: 'rectified-polynomial', degree };
  const beta = parameter(SOFTMAX);
  return beta === null ? null : { kind: 'softmax', beta };
}

/** The name that `parseActivation` reads back as the same activation. */
export function activationName(activation: Activation): string {
  switch (activation.kind) {
    case 'sigmoid':
      return 'sigmoid(4s-2)';
    case 'identity':
    case 'relu':
      return activation.kind;
    case 'tanh':
      return activation.gain === 1 ? 'tanh' : `tanh(${activation.gain}s)`;
    case 'rectified-polynomial':
      return `rectified-polynomial(${activation.degree})`;
    case 'softmax':
      return `softmax(${activation.beta})`;
  }
}
