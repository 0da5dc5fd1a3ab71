/** Sessions as files: what the lab saves, changed by a test, and opened again. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { button } from './lab';

/** As `src/lab/services/session-file.ts` writes it; of its content only what tests change. */
export type SessionFile = {
  session: Record<string, unknown> & { solve: Record<string, unknown>; lanes: Record<string, unknown>[] };
  sets: unknown[];
  runs: unknown[];
};

/** What "Save session" gives. */
export async function savedSession(page: Page): Promise<SessionFile> {
  await button(page, 'Share').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save session' }).click();
  return JSON.parse(await readFile(await (await saving).path(), 'utf8')) as SessionFile;
}

export async function openSession(page: Page, file: SessionFile): Promise<void> {
  await page.getByLabel('Run file').setInputFiles({
    name: 'session.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await page.getByText('Opened the session').waitFor();
}

const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** The session with a set of its own, in a Dense network, which holds that many: pictures of random pixels, the first of them as the cue. */
export function withRandomSet(file: SessionFile, count: number, side: number): SessionFile {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const memories = Array.from({ length: count }, (_, i) => ({
    name: `Picture ${i + 1}`,
    pixels: Int8Array.from({ length: side * side }, () => (random() < 0.5 ? 1 : -1)),
  }));
  const [first] = memories;
  const picture = {
    width: side,
    height: side,
    values: { float32: base64(Float32Array.from(first?.pixels ?? [])) },
  };
  const set = {
    version: 1,
    id: 'own:random',
    position: 0,
    name: 'Random',
    width: side,
    height: side,
    memories: memories.map(({ name, pixels }) => ({ name, pixels: { int8: base64(pixels) } })),
  };
  const cue = {
    picture,
    clean: picture,
    memory: first?.name ?? null,
    corruption: null,
    intact: null,
    edited: false,
    strokes: null,
  };
  return { ...file, sets: [set], session: { ...file.session, kind: 'dense', setId: set.id, chosen: 0, cue } };
}
