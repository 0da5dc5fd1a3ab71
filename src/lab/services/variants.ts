/** How WebGPU goes about an iteration: what the address asks for, and what was measured on earlier visits. */
import { z } from 'zod';
import type { VariantChoice, VariantMemory } from '../../engine/webgpu/variants/choose';
import { VARIANT_NAMES } from '../../engine/webgpu/variants/variants';
import { pageMemory } from './page-memory';

export const variantMemory: VariantMemory = pageMemory('attractor-variants', z.string());

export const VARIANT_CHOICES: readonly VariantChoice[] = ['auto', 'measured', 'rule', ...VARIANT_NAMES];

export function isVariantChoice(word: string | null): word is VariantChoice {
  return VARIANT_CHOICES.some((choice) => choice === word);
}

/** A variant asked for in the address, `?variant=tile-32` say. */
export function variantFromAddress(): VariantChoice {
  const asked = new URLSearchParams(location.search).get('variant');
  return isVariantChoice(asked) ? asked : 'auto';
}
