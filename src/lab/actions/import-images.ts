/** Images into memories of the chosen set's size. */
import { plainName } from '../../codecs/plain-name';
import { greyImage, suggestThreshold, thresholdPicture, type GreyImage } from '../../patterns/image';
import type { Memory } from '../../patterns/picture';
import { decodeImage } from '../services/image-decode';
import { closeDialog } from './setup';
import { messageOf, notify } from './notices';
import { addMemories } from './sets';

export type ImportCandidate = {
  readonly name: string;
  readonly image: GreyImage;
  /** Where dark and light part best, 0 to 1. */
  readonly threshold: number;
};

/** Decodes files one after the other; those that cannot be are told about, in one message, and left out. */
export async function decodeFiles(
  files: readonly File[],
  width: number,
  height: number,
): Promise<readonly ImportCandidate[]> {
  const decoded: ImportCandidate[] = [];
  const faults: string[] = [];
  for (const file of files) {
    try {
      const image = greyImage(await decodeImage(file), width, height);
      const name = plainName(file.name.replace(/\.[^.]*$/, '')) || 'image';
      decoded.push({ name, image, threshold: suggestThreshold(image) });
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  if (faults.length > 0) notify('error', faults.join('; '));
  return decoded;
}

/** A candidate as it would be stored: ink where it is darker than its threshold moved by `shift`. */
export function candidateMemory(
  { name, image, threshold }: ImportCandidate,
  shift: number,
  invert: boolean,
): Memory {
  const cut = Math.min(1, Math.max(0, threshold + shift));
  return { name, picture: thresholdPicture(image, cut, invert) };
}

export function importCandidates(
  candidates: readonly ImportCandidate[],
  shift: number,
  invert: boolean,
): void {
  addMemories(
    candidates.map((candidate) => candidateMemory(candidate, shift, invert)),
    false,
  );
  closeDialog();
}
