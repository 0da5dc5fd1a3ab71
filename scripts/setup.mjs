/**
 * Fetches what the tests need and the machine lacks: a browser, and software Vulkan for WebGPU on Node.
 * Does nothing, in well under a second, where both are there.
 *
 * A machine is changed with consent only. As root in CI or in a container it is given; a person at a terminal is asked;
 * anyone else, `npm test` say, is told what is missing and how to get it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { findBrowser, findVulkanDriver, probeAdapter } from './machine.mjs';

const MINUTE = 60_000;
const BACKPORTS = 'deb http://deb.debian.org/debian bookworm-backports main';
const BACKPORTS_FILE = '/etc/apt/sources.list.d/attractor-backports.list';

/** Wait for another apt, but not forever, and give up on a network that does not answer. */
const APT_OPTIONS = [
  ...['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'],
  ...['-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30'],
];

/** @param {string} message */
const say = (message) => console.log(`setup: ${message}`);

/**
 * Runs a command with its output on the screen and nothing to answer it, and says whether it went well.
 * @param {readonly string[]} command
 * @param {number} timeout in milliseconds
 * @param {string} [input]
 */
function run([program = '', ...args], timeout, input) {
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

/** @param {string} program @param {readonly string[]} args */
const output = (program, args) =>
  spawnSync(program, args, { encoding: 'utf8', timeout: MINUTE }).stdout ?? '';

const isRoot = process.getuid?.() === 0;
const contained = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
const unattended = isRoot && (Boolean(process.env['CI']) || contained);

/** @param {string} what is about to be done @returns {Promise<boolean>} whether it may */
async function consent(what) {
  if (unattended) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`setup: ${what}. Go ahead? [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
const bookworm = debian && /^VERSION_CODENAME=bookworm$/m.test(readFileSync('/etc/os-release', 'utf8'));
/** What to put before a command that needs root. */
const root = debian ? (isRoot ? [] : ['sudo']) : undefined;

const asRoot = isRoot ? '' : ' with sudo';

let listsAreFresh = false;

function refreshLists() {
  if (!root || listsAreFresh) return;
  // A source that has nothing to do with us may be broken: what counts is whether the install succeeds.
  run([...root, 'apt-get', ...APT_OPTIONS, 'update'], 5 * MINUTE);
  listsAreFresh = true;
}

/** @param {readonly string[]} packages, or options */
function aptInstall(...packages) {
  if (!root) return false;
  refreshLists();
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const install = ['apt-get', ...APT_OPTIONS, 'install', '-y', '--no-install-recommends'];
  return run([...root, ...environment, ...install, ...packages], 10 * MINUTE);
}

function addBackports() {
  if (!root) return;
  refreshLists();
  if (output('apt-cache', ['policy']).includes('bookworm-backports')) return;
  say(`adding the package source "${BACKPORTS}" as ${BACKPORTS_FILE}`);
  if (run([...root, 'tee', BACKPORTS_FILE], MINUTE, `${BACKPORTS}\n`)) listsAreFresh = false;
}

/** @param {string} missing @param {readonly string[]} remedies */
function give(missing, remedies) {
  console.error(`\nsetup: ${missing}. What helps:`);
  for (const remedy of remedies) console.error(`  - ${remedy}`);
  process.exit(1);
}

async function fetchBrowser() {
  say('no browser found');
  if (!(await consent('Playwright would download its own Chromium to your cache folder'))) return;
  const cli = join(import.meta.dirname, '..', 'node_modules', 'playwright', 'cli.js');
  run([process.execPath, cli, 'install', 'chromium'], 5 * MINUTE);
  if (findBrowser()) return;
  if (root && (await consent(`Debian's Chromium would be installed${asRoot}`))) aptInstall('chromium');
}

async function fetchVulkan() {
  say('no Vulkan driver that works');
  if (!(await consent(`Mesa's software driver would be installed${asRoot}`))) return;
  if (
    bookworm &&
    (await consent(`the package source bookworm-backports, which has a fast one, would be added`))
  ) {
    addBackports();
    if (aptInstall('-t', 'bookworm-backports', 'mesa-vulkan-drivers', 'libvulkan1')) return;
    say('bookworm-backports cannot be reached; taking the packages of bookworm itself');
  }
  if (!aptInstall('mesa-vulkan-drivers', 'libvulkan1')) aptInstall('libvulkan1');
}

const named = process.env['ATTRACTOR_BROWSER'];
if (named && !findBrowser()) {
  give(`ATTRACTOR_BROWSER names ${named}, which does not start`, ['name a Chromium or Chrome, or none']);
}
if (!findBrowser()) await fetchBrowser();
const browser = findBrowser();
if (!browser) {
  give('there is no browser to run the tests in', [
    'npm run setup, which asks before it installs one',
    'anywhere: npx playwright install chromium (on Linux as root also: npx playwright install-deps chromium)',
    'Debian, as root: apt-get install chromium',
    'Fedora, as root: dnf install chromium',
    'or name a Chromium or Chrome of your own: ATTRACTOR_BROWSER=/path/to/chrome npm test',
  ]);
}

let adapter = probeAdapter(findVulkanDriver(browser));
if (!adapter && root) {
  await fetchVulkan();
  adapter = probeAdapter(findVulkanDriver(browser));
}
if (!adapter) {
  give('WebGPU finds no adapter on Node', [
    'on Debian: npm run setup, which asks before it installs a software driver',
    'Debian, as root: apt-get install mesa-vulkan-drivers libvulkan1 (on Debian 12 from bookworm-backports)',
    'Fedora, as root: dnf install mesa-vulkan-drivers vulkan-loader',
    "macOS and Windows use the system's own graphics drivers: bring them up to date",
    'or name the manifest of a Vulkan driver: VK_DRIVER_FILES=/path/to/icd.json npm test',
  ]);
}
say(`${browser}; WebGPU on Node: ${adapter}`);
