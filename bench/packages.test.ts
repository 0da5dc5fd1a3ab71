import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { missingPackages } from './packages.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-packages-'));
  write('package.json', { dependencies: { '@some/one': '1.2.3', other: '4.5.6' } });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content: object): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
}

test('nothing is missing once every package is there', () => {
  write('node_modules/@some/one/package.json', { version: '1.2.3' });
  write('node_modules/other/package.json', { version: '4.5.6' });
  expect(missingPackages(folder)).toEqual([]);
});

test('a package that is not there, or in another version, is named with the version to have', () => {
  expect(missingPackages(folder)).toEqual(['@some/one 1.2.3', 'other 4.5.6']);
  write('node_modules/@some/one/package.json', { version: '1.2.3' });
  write('node_modules/other/package.json', { version: '4.5.5' });
  expect(missingPackages(folder)).toEqual(['other 4.5.6']);
});
