/** What a browser has saved, where its driver does not tell of downloads. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';

/** The text of the file with this extension in a folder. Until all of it is there, an empty file keeps its place. */
export async function savedText(folder: string, extension: string): Promise<string> {
  let text = '';
  const read = async (): Promise<string> => {
    const name = (await readdir(folder)).find((file) => file.endsWith(`.${extension}`));
    return (text = name === undefined ? '' : await readFile(join(folder, name), 'utf8'));
  };
  await expect.poll(read, { intervals: [200] }).not.toBe('');
  return text;
}
