/** Structs, codes and constants declared once in TypeScript: how they lie in memory, and the WGSL that says the same. */

/** Size and alignment in bytes (WGSL specification, "Alignment and Size"). */
const SHAPES = {
  u32: { size: 4, align: 4 },
  'atomic<u32>': { size: 4, align: 4 },
  f32: { size: 4, align: 4 },
  vec4f: { size: 16, align: 16 },
} as const;

type Member = { readonly type: keyof typeof SHAPES; readonly doc: string };

const member =
  (type: Member['type']) =>
  (doc = ''): Member => ({ type, doc });

export const u32 = member('u32');
export const atomicU32 = member('atomic<u32>');
export const f32 = member('f32');
export const vec4f = member('vec4f');

/** @typeParam M the names of its members */
export type Struct<M extends string> = {
  readonly wgsl: string;
  readonly members: Readonly<Record<M, Member>>;
  /** Bytes from the beginning to each member. */
  readonly offsets: Readonly<Record<M, number>>;
  /** Bytes from one struct of an array to the next. */
  readonly size: number;
};

/** One number a member, under the names that WGSL has for them. */
export type RecordOf<S> = S extends Struct<infer M> ? Readonly<Record<M, number>> : never;

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

export function struct<M extends string>(
  name: string,
  doc: string,
  members: Readonly<Record<M, Member>>,
): Struct<M> {
  const entries = Object.entries<Member>(members);
  const offsets: Record<string, number> = {};
  let end = 0;
  for (const [key, { type }] of entries) {
    const { size, align } = SHAPES[type];
    offsets[key] = roundUp(end, align);
    end = (offsets[key] ?? 0) + size;
  }
  const align = Math.max(...entries.map(([, { type }]) => SHAPES[type].align));
  const lines = entries.map(([key, { type, doc: about }]) => `${comment(about, '  ')}  ${key}: ${type},`);
  return {
    wgsl: `${comment(doc)}struct ${name} {\n${lines.join('\n')}\n}`,
    members,
    offsets: offsets as Record<M, number>,
    size: roundUp(end, align),
  };
}

/**
 * Records as an array of structs that have only scalar members.
 * @param stride bytes from one to the next
 */
export function pack<M extends string>(
  { members, offsets, size }: Struct<M>,
  records: readonly Readonly<Record<M, number>>[],
  stride = size,
): ArrayBuffer {
  const bytes = new ArrayBuffer(stride * records.length);
  const view = new DataView(bytes);
  for (const [i, record] of records.entries()) {
    for (const name of Object.keys(members) as M[]) {
      const at = i * stride + offsets[name];
      if (members[name].type === 'f32') view.setFloat32(at, record[name], true);
      else view.setUint32(at, record[name], true);
    }
  }
  return bytes;
}

/** Names that stand for numbers, counted from `first`. */
export type Codes<N extends string> = {
  readonly wgsl: string;
  readonly names: readonly N[];
  readonly of: Readonly<Record<N, number>>;
};

/** In WGSL each is a constant: its prefix, and the name in capitals. */
export function codes<N extends string>(
  prefix: string,
  doc: string,
  names: readonly N[],
  first = 0,
): Codes<N> {
  const numbers = names.map((name, i) => [name, first + i] as const);
  const lines = numbers.map(
    ([name, code]) => `const ${prefix}${name.replaceAll('-', '_').toUpperCase()} = ${code}u;`,
  );
  return {
    wgsl: comment(doc) + lines.join('\n'),
    names,
    of: Object.fromEntries(numbers) as Record<N, number>,
  };
}

/** WGSL constants of the type u32. */
export const constants = (
  values: Readonly<Record<string, { readonly value: number; readonly doc: string }>>,
): string =>
  Object.entries(values)
    .map(([name, { value, doc }]) => `${comment(doc)}const ${name} = ${value}u;`)
    .join('\n');

const WIDTH = 118;

/** Comment lines of no more than `WIDTH` characters; none where there is nothing to say. */
export function comment(doc: string, indent = ''): string {
  let lines = '';
  let line = `${indent}//`;
  if (doc === '') return '';
  for (const word of doc.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines += `${line}\n`;
      line = `${indent}//`;
    }
    line += ` ${word}`;
  }
  return `${lines}${line}\n`;
}
