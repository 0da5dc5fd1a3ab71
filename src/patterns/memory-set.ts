/** Sets of memories: what makes one sound, and the changes a person makes to a set of their own. */
import { checkSides } from './edit';
import { MOST_MEMORIES, type Memory, type MemorySet, type Picture } from './picture';

export const LONGEST_NAME = 60;

/**
 * The name as it is kept, without space around it.
 * @throws RangeError on a name that is empty, over 60 characters long, or has control characters in it.
 */
export function checkMemoryName(name: string): string {
  const trimmed = name.trim();
  const length = [...trimmed].length;
  if (length === 0) throw new RangeError('a name needs at least one character');
  if (length > LONGEST_NAME) {
    throw new RangeError(`a name has at most ${LONGEST_NAME} characters, not ${length}`);
  }
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(trimmed)) {
    throw new RangeError('a name cannot hold line breaks or other control characters');
  }
  return trimmed;
}

/**
 * Returns the set when it is sound. A set may be empty: it is on its way to its first memory.
 * @throws RangeError that names the memory and pixel at fault: on sides other than 1 to 128, over 1,000
 *   memories, a bad name or the same one twice, a picture of another size, or a value other than −1 and +1.
 */
export function checkMemorySet(set: MemorySet): MemorySet {
  checkMemoryName(set.name);
  checkSides(set.width, set.height);
  if (set.memories.length > MOST_MEMORIES) {
    throw new RangeError(`a set holds at most ${MOST_MEMORIES} memories, not ${set.memories.length}`);
  }
  const names = new Set<string>();
  for (const { name, picture } of set.memories) {
    if (checkMemoryName(name) !== name) throw new RangeError(`the name "${name}" has space around it`);
    if (names.has(name)) throw new RangeError(`two memories are named "${name}"`);
    names.add(name);
    checkMemoryPicture(set, name, picture);
  }
  return set;
}

function checkMemoryPicture(set: MemorySet, name: string, { width, height, values }: Picture): void {
  if (width !== set.width || height !== set.height) {
    throw new RangeError(
      `memory "${name}" is ${width} × ${height}; the set "${set.name}" is ${set.width} × ${set.height}`,
    );
  }
  if (values.length !== width * height) {
    throw new RangeError(
      `memory "${name}" has ${values.length} pixels; ${width} × ${height} needs ${width * height}`,
    );
  }
  const bad = values.findIndex((value) => value !== 1 && value !== -1);
  if (bad >= 0) {
    const [x, y] = [bad % width, Math.floor(bad / width)];
    throw new RangeError(
      `memory "${name}" holds ${values[bad]} at column ${x + 1}, row ${y + 1}; a memory is −1 or +1`,
    );
  }
}

/**
 * What a cue becomes when it is stored: ink where it is 0 or above, paper elsewhere.
 * Returns the same object when it is pure ink and paper already.
 */
export function asMemoryPicture(picture: Picture): Picture {
  if (picture.values.every((value) => value === 1 || value === -1)) return picture;
  return { ...picture, values: picture.values.map((value) => (value >= 0 ? 1 : -1)) };
}

/** @throws RangeError when the set that results is not sound: see `checkMemorySet`. */
export function addMemory(set: MemorySet, memory: Memory): MemorySet {
  const added = { name: checkMemoryName(memory.name), picture: memory.picture };
  return checkMemorySet({ ...set, memories: [...set.memories, added] });
}

/** @throws RangeError when no memory has the old name, another has the new one, or it is not a good name. */
export function renameMemory(set: MemorySet, from: string, to: string): MemorySet {
  const name = checkMemoryName(to);
  needMemory(set, from);
  return checkMemorySet({
    ...set,
    memories: set.memories.map((memory) => (memory.name === from ? { ...memory, name } : memory)),
  });
}

/** @throws RangeError when no memory has the name. */
export function removeMemory(set: MemorySet, name: string): MemorySet {
  needMemory(set, name);
  return { ...set, memories: set.memories.filter((memory) => memory.name !== name) };
}

function needMemory(set: MemorySet, name: string): void {
  if (!set.memories.some((memory) => memory.name === name)) {
    throw new RangeError(`the set "${set.name}" has no memory named "${name}"`);
  }
}

/** `wanted`, or, where a memory has that name already, the first of "wanted 2", "wanted 3", … that is free. */
export function freeName(set: MemorySet, wanted: string): string {
  const taken = new Set(set.memories.map(({ name }) => name));
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) {
    const suffix = ` ${n}`;
    const name =
      [...wanted]
        .slice(0, LONGEST_NAME - suffix.length)
        .join('')
        .trimEnd() + suffix;
    if (!taken.has(name)) return name;
  }
}
