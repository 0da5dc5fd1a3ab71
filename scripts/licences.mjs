/**
 * `npm run licences`: every package that `package-lock.json` names, here and in `bench/`, has a licence that lets this project stay MIT and be
 * served from anywhere. What is not in the list is refused, the AGPL and packages without a licence among it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX names. MPL-2.0 binds only changes to the package's own files. */
const ACCEPTED = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  ...['MPL-2.0', 'OFL-1.1'],
]);

/** @param {string} expression "A AND B", "(A OR B)" @returns {boolean} */
const isAccepted = (expression) =>
  expression
    .replace(/[()]/g, '')
    .split(' AND ')
    .every((part) => part.split(' OR ').some((name) => ACCEPTED.has(name.trim())));

/** @param {string} folder of a lockfile @returns {[string, string | undefined][]} places and licences */
function licencesIn(folder) {
  /** @type {{ packages: Record<string, { license?: string }> }} */
  const { packages } = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', folder, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(packages).map(([place, { license }]) => [join(folder, place), license]);
}

const found = ['.', 'bench'].flatMap(licencesIn);
const refused = found.filter(([, license]) => license === undefined || !isAccepted(license));

for (const [place, license] of refused) {
  console.error(`licences: ${place === '.' ? 'this project' : place}: ${license ?? 'no licence'}`);
}
console.log(`licences: ${found.length - refused.length} packages in order, ${refused.length} refused`);
process.exitCode = refused.length > 0 ? 1 : 0;
