/** The ways in which a GPU can go about the same iteration, each with a name, and which to take where none was timed. */

/** How threads share the work of a product: see product-lanes.wgsl and product-tiles.wgsl. */
export type ProductShape = {
  readonly product: 'lanes' | 'tiles';
  /** Threads to a vec4 of units: lanes share its sum, tiles share out its samples. */
  readonly lanes: number;
  /** vec4s of units to a workgroup. */
  readonly vec4s: number;
  /** Samples that one thread serves with each weight it reads. With lanes, 1 where there are several. */
  readonly samplesPerThread: number;
};

export const PRODUCT_SHAPES = {
  /** One thread a vec4 of units: nothing to wait for, which software adapters like. */
  single: { product: 'lanes', lanes: 1, vec4s: 16, samplesPerThread: 1 },
  /** Neighbouring threads read neighbouring weights, which GPUs like. */
  cooperative: { product: 'lanes', lanes: 32, vec4s: 4, samplesPerThread: 1 },
  /** Eight samples share each weight, without a barrier. */
  'tile-8': { product: 'lanes', lanes: 1, vec4s: 32, samplesPerThread: 8 },
  /** 32 samples × 32 units by way of workgroup memory. */
  'tile-32': { product: 'tiles', lanes: 8, vec4s: 8, samplesPerThread: 4 },
  /** 64 samples × 64 units by way of workgroup memory. */
  'tile-64': { product: 'tiles', lanes: 8, vec4s: 16, samplesPerThread: 8 },
} as const satisfies Readonly<Record<string, ProductShape>>;

/** Variants in which each step is a dispatch, named for the shape of their products. */
export type DispatchedName = keyof typeof PRODUCT_SHAPES;

/** Those, and the one in which one workgroup does all of a sample's passes. */
export type VariantName = DispatchedName | 'persistent';

/** From those whose samples share no weight that is read to those whose samples share most. */
export const VARIANT_NAMES: readonly VariantName[] = [
  'persistent',
  'single',
  'cooperative',
  'tile-8',
  'tile-32',
  'tile-64',
];

export const isVariantName = (word: unknown): word is VariantName =>
  VARIANT_NAMES.some((name) => name === word);

/** Samples to a workgroup. */
export const samplesOf = ({ product, lanes, samplesPerThread }: ProductShape): number =>
  product === 'tiles' ? lanes * samplesPerThread : samplesPerThread;

type Rule = { readonly from: number; readonly variant: DispatchedName };

/** From which batch on a variant serves where nothing is measured. */
const SOFTWARE_RULES: readonly Rule[] = [
  { from: 4, variant: 'tile-8' },
  { from: 1, variant: 'single' },
];
const GPU_RULES: readonly Rule[] = [
  { from: 256, variant: 'tile-64' },
  { from: 32, variant: 'tile-32' },
  { from: 4, variant: 'tile-8' },
  { from: 1, variant: 'cooperative' },
];

/** What is taken where nothing is measured. */
export function usualVariant(batch: number, software: boolean): DispatchedName {
  const rules = software ? SOFTWARE_RULES : GPU_RULES;
  return rules.find(({ from }) => batch >= from)?.variant ?? 'single';
}

/** Batches of one class share a measurement: the power of two that they have reached. */
export const batchClass = (batch: number): number => 2 ** Math.floor(Math.log2(Math.max(batch, 1)));

/**
 * What is worth timing for a class of batches: no tile that would stand more than half empty.
 * @param persists whether one workgroup can do all of a sample's passes
 */
export function candidatesFor(batches: number, persists: boolean): readonly VariantName[] {
  return VARIANT_NAMES.filter((name) =>
    name === 'persistent' ? persists : samplesOf(PRODUCT_SHAPES[name]) <= 2 * batches,
  );
}
