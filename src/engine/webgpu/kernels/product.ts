/** The parts of a kernel that takes products: how weights are stored, and how threads share the work. */
import productRows from '../../../../shaders/product-rows.wgsl?raw';
import productLanes from '../../../../shaders/product-lanes.wgsl?raw';
import productTiles from '../../../../shaders/product-tiles.wgsl?raw';
import product from '../../../../shaders/product.wgsl?raw';
import weightsFloat16 from '../../../../shaders/weights-float16.wgsl?raw';
import weightsFloat32 from '../../../../shaders/weights-float32.wgsl?raw';
import type { StoredWeights } from '../weights';
import type { Kernel, ProductKind } from './kernel';

/** @param samplesPerThread samples that one thread serves with each weight it reads */
export const productWgsl = (weights: StoredWeights, samplesPerThread: number): readonly string[] => [
  `const TILE = ${samplesPerThread}u;`,
  weights === 'float16' ? weightsFloat16 : weightsFloat32,
  product,
];

/** With the way in which threads share a product, and the constants that this way has. */
export function sharedProduct({
  product: sharing,
  lanes,
  vec4s,
  samplesPerThread,
  weights,
}: ProductKind): Pick<Kernel, 'wgsl' | 'constants'> {
  return {
    wgsl: [
      ...productWgsl(weights, samplesPerThread),
      sharing === 'tiles' ? productTiles : productLanes,
      productRows,
    ],
    constants: { LANES: lanes, VEC4S: vec4s },
  };
}
