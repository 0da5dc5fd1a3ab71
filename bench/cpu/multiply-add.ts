/**
 * A loop of multiplications and additions on registers, in WebAssembly's SIMD: no product is faster. It is put together here, byte by byte, since
 * it must hold nothing but those. Source: WebAssembly Core Specification 2.0, section 5.
 */

/** Chains of x ← x · m + c side by side, enough that none is waited for, and few enough for the registers of any processor. */
const CHAINS = 12;
const LANES = 4;

/** Operations of one round of the loop. */
export const ROUND_OPERATIONS = CHAINS * LANES * 2;

const [I32, F32, V128] = [0x7f, 0x7d, 0x7b];
const SIMD = 0xfd;

/** LEB128, for numbers that are not negative. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** A section, a function body: whatever begins with how many bytes follow. */
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const simd = (code: number): number[] => [SIMD, ...unsigned(code)];
const splat = (value: number): number[] => [
  0x43,
  ...new Uint8Array(Float32Array.of(value).buffer),
  ...simd(0x13),
];
const MULTIPLY = simd(0xe6);
const ADD = simd(0xe4);
/** x · m + c rounded once, where the processor can; a part of the language that not everyone has. */
const FUSED = simd(0x105);

/** run(rounds: i32): f32, the sum of the first lane of all chains. */
function moduleBytes(fused: boolean): Uint8Array<ArrayBuffer> {
  const [rounds, factor, addend, first] = [0, 1, 2, 3];
  const chains = Array.from({ length: CHAINS }, (_, i) => first + i);
  const step = chains.flatMap((x) => [
    ...get(x),
    ...get(factor),
    ...(fused ? [...get(addend), ...FUSED] : [...MULTIPLY, ...get(addend), ...ADD]),
    ...set(x),
  ]);
  const body = [
    // No more locals than these, all v128: the factor, the addend and the chains.
    ...[1, ...unsigned(2 + CHAINS), V128],
    ...[...splat(0.75), ...set(factor), ...splat(0.25), ...set(addend)],
    ...chains.flatMap((x, i) => [...splat(i), ...set(x)]),
    // loop … rounds ← rounds − 1, again while it is not 0 … end
    ...[0x03, 0x40, ...step],
    ...[...get(rounds), 0x41, 1, 0x6b, 0x22, rounds, 0x0d, 0, 0x0b],
    ...chains.flatMap((x, i) => [...get(x), ...(i > 0 ? ADD : [])]),
    // The first lane.
    ...[...simd(0x1f), 0, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}

export type MultiplyAdd = (rounds: number) => number;

/**
 * The loop, which returns the sum of its chains.
 * @param fused whether a multiplication and an addition are one instruction
 * @returns null where there is no such instruction
 */
export async function multiplyAdd(fused: boolean): Promise<MultiplyAdd | null> {
  const bytes = moduleBytes(fused);
  if (!WebAssembly.validate(bytes)) return null;
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports['f'] as MultiplyAdd;
}
