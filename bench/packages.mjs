/** The packages that the bench has for itself: `npm ci` at the root leaves them out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs them; to be run at the root. */
export const INSTALL = 'npm ci --prefix bench';

/** @param {string} path @returns {any} undefined where there is no such file */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * What `package.json` in a folder depends on and `node_modules` beside it has not, or has in another version.
 * @param {string} [folder]
 * @returns {string[]} names, each with the version that should be there
 */
export function missingPackages(folder = import.meta.dirname) {
  /** @type {{ dependencies: Record<string, string> }} */
  const { dependencies } = readJson(join(folder, 'package.json'));
  return Object.entries(dependencies)
    .filter(
      ([name, version]) => readJson(join(folder, 'node_modules', name, 'package.json'))?.version !== version,
    )
    .map(([name, version]) => `${name} ${version}`);
}
