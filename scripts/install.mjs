/**
 * How the setup scripts install what is missing. A machine is changed with consent only: as root in CI or in a container it
 * is given; a person at a terminal is asked; anyone else, `npm test` say, is told what is missing and how to get it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

export const MINUTE = 60_000;

/** Wait for another apt, but not forever, and give up on a network that does not answer. */
const APT_OPTIONS = [
  ...['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'],
  ...['-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30'],
];

/** @param {string} message */
export const say = (message) => console.log(`setup: ${message}`);

/**
 * Runs a command with its output on the screen and nothing to answer it, and says whether it went well.
 * @param {readonly string[]} command
 * @param {number} timeout in milliseconds
 * @param {string} [input]
 */
export function run([program = '', ...args], timeout, input) {
  say(`running ${[program, ...args].join(' ')}`);
  const { status, error } = spawnSync(program, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    timeout,
    killSignal: 'SIGKILL',
    ...(input === undefined ? {} : { input }),
  });
  if (error) say(`${program}: ${error.message}`);
  return status === 0;
}

const isRoot = process.getuid?.() === 0;
const contained = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
const unattended = isRoot && (Boolean(process.env['CI']) || contained);

/** @param {string} what is about to be done @returns {Promise<boolean>} whether it may */
export async function consent(what) {
  if (unattended) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`setup: ${what}. Go ahead? [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

export const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
/** What to put before a command that needs root. */
const root = isRoot ? [] : ['sudo'];
/** For the question whether something may be installed. */
export const asRoot = isRoot ? '' : ' with sudo';

let listsAreFresh = false;

function refreshLists() {
  if (listsAreFresh) return;
  // A source that has nothing to do with us may be broken: what counts is whether the install succeeds.
  run([...root, 'apt-get', ...APT_OPTIONS, 'update'], 5 * MINUTE);
  listsAreFresh = true;
}

/**
 * Says whether it went well; false on any system but Debian.
 * @param {readonly string[]} packages, or options
 */
export function aptInstall(...packages) {
  if (!debian) return false;
  refreshLists();
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const install = ['apt-get', ...APT_OPTIONS, 'install', '-y', '--no-install-recommends'];
  return run([...root, ...environment, ...install, ...packages], 10 * MINUTE);
}

/**
 * Adds a package source to Debian, unless apt knows it.
 * @param {string} name of the suite
 * @param {string} line of apt's list
 */
export function addPackageSource(name, line) {
  if (!debian) return;
  refreshLists();
  const { stdout } = spawnSync('apt-cache', ['policy'], { encoding: 'utf8', timeout: MINUTE });
  if (stdout?.includes(name)) return;
  const file = `/etc/apt/sources.list.d/attractor-${name}.list`;
  say(`adding the package source "${line}" as ${file}`);
  if (run([...root, 'tee', file], MINUTE, `${line}\n`)) listsAreFresh = false;
}

/**
 * Ends the process.
 * @param {string} missing @param {readonly string[]} remedies
 * @returns {never}
 */
export function giveUp(missing, remedies) {
  console.error(`\nsetup: ${missing}. What helps:`);
  for (const remedy of remedies) console.error(`  - ${remedy}`);
  process.exit(1);
}
