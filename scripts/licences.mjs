/**
 * `npm run licences`: every package that `package-lock.json` names has a licence that lets this project stay MIT and be
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

/** @type {{ packages: Record<string, { license?: string }> }} */
const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'));
const refused = Object.entries(packages)
  .filter(([, { license }]) => license === undefined || !isAccepted(license))
  .map(([place, { license }]) => `${place || 'this project'}: ${license ?? 'no licence'}`);

for (const line of refused) console.error(`licences: ${line}`);
console.log(
  `licences: ${Object.keys(packages).length - refused.length} packages in order, ${refused.length} refused`,
);
process.exitCode = refused.length > 0 ? 1 : 0;
