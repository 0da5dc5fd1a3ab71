/**
 * What the CPU engine does with numbers, behind one face: in WebAssembly (`wasm-kernels.ts`, from `assembly/`) or, where the
 * processor or the page does not allow for that, in plain loops (`plain-kernels.ts`). All arrays lie in one memory and are
 * named by their byte offsets; those of units are float32, padded to a multiple of `LANES`. Units that are clamped, and
 * padding, have no bits set in `mask`, free units all.
 */
import type { Activation } from '../../network/activation';
import type { Dynamics } from '../../network/network';
import type { Update } from '../../solve/plan';

/** Columns of a panel of weights; rows of units are padded to a multiple of it. */
export const LANES = 8;

/** Bytes of one row of a panel. */
export const PANEL_ROW = 4 * LANES;

export const padded = (units: number): number => Math.ceil(units / LANES) * LANES;

/** A layer as kernels know it. */
export type LayerCode = {
  readonly isHam: boolean;
  readonly activation: Activation;
  /** A number for its kind, as in `assembly/activations.ts`. */
  readonly kind: number;
  /** Gain, degree or β. */
  readonly parameter: number;
  readonly units: number;
};

export const KINDS = {
  identity: 0,
  sigmoid: 1,
  tanh: 2,
  relu: 3,
  'rectified-polynomial': 4,
  softmax: 5,
} as const satisfies Readonly<Record<Activation['kind'], number>>;

export function layerCode(dynamics: Dynamics, activation: Activation, units: number): LayerCode {
  const parameter =
    'gain' in activation
      ? activation.gain
      : 'degree' in activation
        ? activation.degree
        : 'beta' in activation
          ? activation.beta
          : 0;
  return { isHam: dynamics === 'ham', activation, kind: KINDS[activation.kind], parameter, units };
}

/** How units move, as in `assembly/units.ts`; in a HAM each way leads to the drive. */
export const MOVES = { map: 1, exact: 2, damped: 3 } as const satisfies Readonly<
  Record<Update['unitUpdate'], number>
>;

export const MEASURES = { none: 0, current: 1, next: 2 } as const;

/** Where the sums of `move` stand, in numbers of float64: squares of norms of the state that is measured. */
export const TERMS = { map: 0, scale: 1, step: 2, cycle: 3, size: 4 } as const;
export const TERM_BYTES = 5 * 8;

export interface Kernels {
  /** What people call it: "SIMD", "plain loops". */
  readonly name: string;
  /**
   * out = init + a·W for some rows of a batch; strides are in bytes. W is in panels of `LANES` columns, [panels, k, LANES].
   * @param apart bytes from one panel's columns to the next in init and out
   * @param rows which rows, i32, `count` of them
   */
  product(
    a: number,
    aStride: number,
    w: number,
    k: number,
    init: number,
    initStride: number,
    out: number,
    outStride: number,
    apart: number,
    panels: number,
    rows: number,
    count: number,
  ): void;
  /**
   * Lists what is not `background` in k activities, less that, and where it stands: f32 and i32, room for k of each.
   * @returns how many there are
   */
  listForeground(a: number, k: number, background: number, coefficients: number, indices: number): number;
  /**
   * out += background · 1ᵀW + Σ coefficientᵢ · W's row indexᵢ, for some rows of a batch.
   * @param lists one a row, of `listBytes`: coefficients, then indices
   * @param counts how long they are, i32
   * @param sums 1ᵀW
   */
  sparseProduct(
    lists: number,
    listBytes: number,
    counts: number,
    background: number,
    sums: number,
    w: number,
    k: number,
    out: number,
    outStride: number,
    apart: number,
    panels: number,
    rows: number,
    samples: number,
  ): void;
  /** 1ᵀW: the sum of each column, [panels, LANES]. */
  sumColumns(w: number, k: number, panels: number, out: number): void;
  /** Rows of a batch in panels: out[p, r, LANES] = a[r, LANES · p …]. */
  packRows(a: number, stride: number, rows: number, out: number, panels: number): void;
  /** out[i, r] = a[r, i], for n columns. */
  transposeRows(a: number, stride: number, rows: number, n: number, out: number): void;
  /** The panels of Wᵀ from those of W, [n, m]. */
  transposePanels(w: number, n: number, m: number, out: number): void;
  /**
   * next ← damping · old + (1 − damping) · target of the free units, unless `measureOnly`; and the sums of `TERMS` about what
   * is measured. Before, `next` holds state t − 1.
   * @param steps whether all of `TERMS` are wanted; else it is `map` and `scale` alone
   */
  move(
    layer: LayerCode,
    step: Pick<Update, 'unitUpdate' | 'measures' | 'measureOnly'>,
    steps: boolean,
    old: number,
    next: number,
    drive: number,
    mask: number,
    damping: number,
    terms: number,
  ): void;
  /** ρ(s) of the free units, 0 elsewhere; the layer's own energy and the sum of its terms' sizes, two float64 at `own`. */
  activate(layer: LayerCode, s: number, mask: number, activity: number, own: number): void;
  /** Σ ½(a + b)·ρ and the sum of its terms' sizes, two float64. */
  pull(units: number, a: number, b: number, activity: number, out: number): void;
  /** ρ′(s) of each unit. */
  slopes(layer: LayerCode, s: number, out: number): void;
  /** x ← x · y of n numbers, which is padded. */
  times(n: number, x: number, y: number): void;
  /** x ← a · x + b · y */
  combine(n: number, x: number, a: number, y: number, b: number): void;
  /** Σ x · y, summed in float64. */
  inner(n: number, x: number, y: number): number;
  /** Madam's step on n numbers: see `assembly/optimisers.ts`. Where there is none, `train/optimisers.ts` does it. */
  readonly madam?: (
    n: number,
    values: number,
    gradient: number,
    squares: number,
    rate: number,
    bound: number,
    largest: number,
    seen: number,
  ) => void;
  /** ‖a − b‖² and ‖a‖² over the free units, two float64. */
  compare(units: number, a: number, b: number, mask: number, out: number): void;
}
