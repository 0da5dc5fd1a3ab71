/** What a file is, by its first bytes: one of the lab's own, or one that a person may well have at hand and the lab does not open. */

/** The `format` of the runs of Classify. */
export const DIGIT_RUNS = 'attractor-digit-runs';

/** Whether a text says of itself that it is of such a format; what is wrong with it is found when it is read. */
export function saysFormat(text: string, format: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${format}"`).test(text.slice(0, 200));
}

/** What a file is, as a sentence with what to do with it; null where its name and first bytes tell nothing. */
export async function otherKind(file: File): Promise<string | null> {
  const head = new Uint8Array(await file.slice(0, 9).arrayBuffer());
  const name = file.name.toLowerCase();
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  // A length of eight bytes, little-endian, and the header in JSON.
  if (name.endsWith('.safetensors') || (head[8] === 0x7b && head[6] === 0 && head[7] === 0)) {
    return 'this is a network in safetensors: Classify opens it, and the command line solves it (attractor solve --model)';
  }
  if (name.endsWith('.npy') || begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) {
    return 'this is a NumPy array, which the lab does not open; the command line takes it: attractor solve --input';
  }
  if (name.endsWith('.npz') || begins(0x50, 0x4b, 0x03, 0x04)) {
    return 'this is an archive (NPZ or ZIP), which the lab does not open; it takes images and saved runs';
  }
  return null;
}
