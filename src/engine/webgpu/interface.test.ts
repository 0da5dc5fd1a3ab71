/** The files of `shaders/` say what they are built on, and say it truly. */
import { expect, test } from 'vitest';
import { BINDING_NAMES, bindingOf, headerWgsl, TERMS } from './interface';
import { acceleratorOf } from './kernels/accelerators';
import { check } from './kernels/check';
import { clampedDrive } from './kernels/clamped-drive';
import {
  adjoint,
  BEGIN,
  conjugateGradients,
  EQUILIBRIUM,
  learnBiases,
  learnWeights,
  OUTCOMES,
  UNROLLED_BEGIN,
  unrolledBack,
  unrolledStep,
} from './kernels/learning';
import { persistent } from './kernels/persistent';
import { softmax } from './kernels/softmax';
import { update } from './kernels/update';
import { PRODUCT_SHAPES } from './variants/variants';
import { SOLVERS } from '../../solve/solvers';
import { f32, pack, struct, u32, vec4f } from './wgsl';

const files = import.meta.glob<string>('../../../shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const shaders = Object.entries(files).map(([path, wgsl]) => ({ name: path.split('/').at(-1) ?? '', wgsl }));

test('shaders/interface.wgsl shows the interface as it is', async () => {
  const head = `// Generated from src/engine/webgpu/interface.ts, for readers; do not edit it. To write it anew:
// npm run test:node -- src/engine/webgpu/interface.test.ts -u
//
// It stands in front of every kernel, with those of the bindings that the kernel uses. The last ones are those of
// persistent.wgsl, where they take the place of others, and those of the kernels that learn.
`;
  const all = headerWgsl(BINDING_NAMES);
  await expect(`${head}\n${all}\n`).toMatchFileSnapshot('../../../shaders/interface.wgsl');
});

const DECLARATION = /^(?:@[^\n]*?\) )?(fn|struct|alias|const|override|var(?:<[^>]*>)?) (\w+)/gm;

const declared = shaders.map(({ name, wgsl }) => ({
  name,
  names: [...wgsl.matchAll(DECLARATION)].map(([, kind, word = '']) => ({ isFunction: kind === 'fn', word })),
}));

/** Which of its names a file has from which others, in the form in which its first lines say so. */
function usesOf({ name, wgsl }: (typeof shaders)[number]): string {
  const code = wgsl.replaceAll(/\/\/.*/g, '');
  const own = declared.find((file) => file.name === name)?.names ?? [];
  const locals = new Set([...code.matchAll(/(?<!case )\b(\w+)(?=: | = )/g)].map(([, word]) => word));
  const from = new Map<string, string[]>();
  for (const { isFunction, word } of declared.flatMap(({ names }) => names)) {
    const used = new RegExp(`(?<![.\\w])${word}${isFunction ? '\\(' : '\\b'}`).test(code);
    if (!used || word === 'main' || own.some((mine) => mine.word === word)) continue;
    if (!isFunction && locals.has(word)) continue;
    const homes = declared.filter(({ names }) => names.some((other) => other.word === word));
    // There is one shader for each solver that looks back, and a new one is no news to those that call it.
    const isOne = (file: string): boolean => SOLVERS.some(({ kind }) => file === `${kind}.wgsl`);
    const names = homes.map(({ name }) => (isOne(name) ? 'that of a solver' : name));
    const home = [...new Set(names)].sort().join(' or ');
    from.set(home, [...new Set([...(from.get(home) ?? []), word])]);
  }
  const lines = [...from].sort().map(([home, words]) => `//   ${home}: ${words.sort().join(', ')}`);
  return lines.length > 0 ? ['// Uses', ...lines].join('\n') : '';
}

test.each(shaders.filter(({ name }) => name !== 'interface.wgsl'))(
  '$name says in its first lines what it uses from which other file',
  (file) => {
    const head = file.wgsl.split('\n\n')[0]?.split('\n') ?? [];
    const from = head.indexOf('// Uses');
    expect(from < 0 ? '' : head.slice(from).join('\n')).toBe(usesOf(file));
  },
);

const product = { ...PRODUCT_SHAPES['tile-64'], weights: 'float32' } as const;
const accelerator = acceleratorOf({ kind: 'barzilai-borwein' });
const size = { threads: 64, room: 64 };

test.each([
  clampedDrive(product),
  update(product),
  softmax(8),
  check(null, 8),
  check(accelerator, 8),
  persistent(accelerator, size, 'float32'),
  adjoint(product),
  ...Object.values(conjugateGradients({ kind: 'cg', tolerance: 0.01, limit: 9 }, 64)),
  BEGIN,
  EQUILIBRIUM,
  OUTCOMES,
  UNROLLED_BEGIN,
  unrolledStep(product, 0.5),
  unrolledBack(product),
  learnWeights({ kind: 'adam', rate: 1 }),
  learnBiases({ kind: 'adam', rate: 1 }),
])('the kernel $label binds no more storage buffers than every device has', ({ binds }) => {
  const bound = binds.map(bindingOf);
  // WebGPU specification, "Limits": maxStorageBuffersPerShaderStage is at least 8.
  expect(bound.filter(({ access }) => access !== 'uniform').length).toBeLessThanOrEqual(8);
});

test('structs lie as WGSL lays them out', () => {
  // WGSL specification, "Alignment and Size": a vec4f begins at a multiple of 16 bytes.
  expect(TERMS.offsets.free_drive).toBe(16);
  const mixed = struct('Mixed', '', { a: u32(), b: vec4f(), c: f32() });
  expect(mixed).toMatchObject({ offsets: { a: 0, b: 16, c: 32 }, size: 48 });
  const pair = struct('Pair', '', { whole: u32(), part: f32() });
  const view = new DataView(
    pack(
      pair,
      [
        { whole: 1, part: 2 },
        { whole: 3, part: 0.5 },
      ],
      16,
    ),
  );
  expect(view.byteLength).toBe(32);
  expect([view.getUint32(16, true), view.getFloat32(20, true)]).toEqual([3, 0.5]);
});
