/**
 * Structs as WGSL lays them out, read from the WGSL itself, so that no offset is counted by hand.
 * It knows the member types that the shaders use: u32 (atomic or not), f32, vec2f and vec4f.
 */

type MemberType = 'u32' | 'f32' | 'vec2f' | 'vec4f';

/** Size and alignment in bytes (WGSL specification, "Alignment and Size"). */
const SHAPES: Record<MemberType, { readonly size: number; readonly align: number }> = {
  u32: { size: 4, align: 4 },
  f32: { size: 4, align: 4 },
  vec2f: { size: 8, align: 8 },
  vec4f: { size: 16, align: 16 },
};

type Member = { readonly name: string; readonly type: MemberType; readonly offset: number };

export type StructLayout = { readonly size: number; readonly members: readonly Member[] };

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** @throws Error when the struct is not in the WGSL, or has a member of a type not listed above. */
export function structLayout(wgsl: string, name: string): StructLayout {
  const body = new RegExp(`struct ${name} \\{([^}]*)\\}`).exec(wgsl)?.[1];
  if (body === undefined) throw new Error(`no struct ${name} in the WGSL`);
  const members: Member[] = [];
  let end = 0;
  let align = 4;
  for (const [, member = '', type = ''] of body
    .replaceAll(/\/\/.*/g, '')
    .matchAll(/(\w+)\s*:\s*(?:atomic<)?(\w+)/g)) {
    const shape = SHAPES[type as MemberType] as (typeof SHAPES)[MemberType] | undefined;
    if (!shape) throw new Error(`struct ${name} has a member of type ${type}, whose layout is not known`);
    const offset = roundUp(end, shape.align);
    members.push({ name: member, type: type as MemberType, offset });
    end = offset + shape.size;
    align = Math.max(align, shape.align);
  }
  return { size: roundUp(end, align), members };
}

/** Packs records into an array of the struct: one number a scalar member, every member named. */
export function packStructs(
  { size, members }: StructLayout,
  records: readonly Readonly<Record<string, number>>[],
): ArrayBuffer {
  const bytes = new ArrayBuffer(size * records.length);
  const view = new DataView(bytes);
  for (const [i, record] of records.entries()) {
    for (const { name, type, offset } of members) {
      const value = record[name];
      if (value === undefined) throw new Error(`a record lacks ${name}`);
      if (type === 'u32') view.setUint32(i * size + offset, value, true);
      else if (type === 'f32') view.setFloat32(i * size + offset, value, true);
      else throw new Error(`${name} is a ${type}; only scalars are packed from records`);
    }
  }
  return bytes;
}
