/** Float16 (IEEE 754 binary16) as bits, since not every JavaScript engine has it yet. */

export const LARGEST_FLOAT16 = 65_504;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The bits of the float16 nearest to x as a float32, ties to even. Beyond the largest float16 that is infinity. */
export function toFloat16(x: number): number {
  const value = Math.fround(x);
  single[0] = value;
  const from = bits[0] ?? 0;
  const sign = (from >>> 16) & 0x8000;
  const size = from & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  // 65,520 is half a step beyond the largest.
  if (size >= 0x477ff000) return sign | 0x7c00;
  // Below 2⁻¹⁴ steps are of 2⁻²⁴, and adding ½ to the float32 rounds to such a step.
  if (size < 0x38800000) {
    single[0] = Math.abs(value) + 0.5;
    return sign | ((bits[0] ?? 0) - 0x3f000000);
  }
  const half = size - 0x38000000;
  return sign | ((half + 0xfff + ((half >>> 13) & 1)) >>> 13);
}

/** The number that these bits stand for. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
