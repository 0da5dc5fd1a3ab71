/** How WebGPU goes about an iteration: what the address asks for, and what was measured on earlier visits. */
import { z } from 'zod';
import type { VariantChoice, VariantMemory } from '../../engine/webgpu/choose-variant';
import { VARIANT_NAMES } from '../../engine/webgpu/variants';

const KEY = 'attractor-variants';

/** Measurements that are kept; of more than these the oldest go. */
const MOST = 100;

const schema = z.record(z.string(), z.string());

function recollect(): Readonly<Record<string, string>> {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    // Storage is refused, or holds what no visit has put there.
    return {};
  }
}

/** In the page's storage, where the browser gives one. */
export const variantMemory: VariantMemory = {
  recall: (key) => recollect()[key],
  keep: (key, variant) => {
    const { [key]: _, ...others } = recollect();
    const latest = [...Object.entries(others), [key, variant] as const].slice(-MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(latest)));
    } catch {
      // It is measured again on the next visit.
    }
  },
};

export const VARIANT_CHOICES: readonly VariantChoice[] = ['auto', 'measured', 'rule', ...VARIANT_NAMES];

export function isVariantChoice(word: string | null): word is VariantChoice {
  return VARIANT_CHOICES.some((choice) => choice === word);
}

/** A variant asked for in the address, `?variant=tile-32` say. */
export function variantFromAddress(): VariantChoice {
  const asked = new URLSearchParams(location.search).get('variant');
  return isVariantChoice(asked) ? asked : 'auto';
}
