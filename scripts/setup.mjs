/**
 * Fetches what the tests need and the machine lacks: a browser, and software Vulkan for WebGPU on Node.
 * Does nothing, in well under a second, where both are there. It asks first: see install.mjs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addPackageSource,
  aptInstall,
  asRoot,
  consent,
  debian,
  giveUp,
  MINUTE,
  run,
  say,
} from './install.mjs';
import { findBrowser, findVulkanDriver, probeAdapter } from './machine.mjs';

const BACKPORTS = 'bookworm-backports';
const bookworm = debian && /^VERSION_CODENAME=bookworm$/m.test(readFileSync('/etc/os-release', 'utf8'));

async function fetchBrowser() {
  say('no browser found');
  if (!(await consent('Playwright would download its own Chromium to your cache folder'))) return;
  const cli = join(import.meta.dirname, '..', 'node_modules', 'playwright', 'cli.js');
  run([process.execPath, cli, 'install', 'chromium'], 5 * MINUTE);
  if (findBrowser()) return;
  if (!debian || !(await consent(`Debian's Chromium would be installed${asRoot}`))) return;
  if (!aptInstall('chromium-headless-shell')) aptInstall('chromium');
}

async function fetchVulkan() {
  say('no Vulkan driver that works');
  if (!(await consent(`Mesa's software driver would be installed${asRoot}`))) return;
  if (bookworm && (await consent(`the package source ${BACKPORTS}, which has a fast one, would be added`))) {
    addPackageSource(BACKPORTS, `deb http://deb.debian.org/debian ${BACKPORTS} main`);
    if (aptInstall('-t', BACKPORTS, 'mesa-vulkan-drivers', 'libvulkan1')) return;
    say(`${BACKPORTS} cannot be reached; taking the packages of bookworm itself`);
  }
  if (!aptInstall('mesa-vulkan-drivers', 'libvulkan1')) aptInstall('libvulkan1');
}

const named = process.env['ATTRACTOR_BROWSER'];
if (named && !findBrowser()) {
  giveUp(`ATTRACTOR_BROWSER names ${named}, which does not start`, ['name a Chromium or Chrome, or none']);
}
if (!findBrowser()) await fetchBrowser();
const browser = findBrowser();
if (!browser) {
  giveUp('there is no browser to run the tests in', [
    'npm run setup, which asks before it installs one',
    'anywhere: npx playwright install chromium (on Linux as root also: npx playwright install-deps chromium)',
    'Debian, as root: apt-get install chromium-headless-shell',
    'Fedora, as root: dnf install chromium',
    'or name a Chromium or Chrome of your own: ATTRACTOR_BROWSER=/path/to/chrome npm test',
  ]);
}

let adapter = probeAdapter(findVulkanDriver(browser));
if (!adapter && debian) {
  await fetchVulkan();
  adapter = probeAdapter(findVulkanDriver(browser));
}
if (!adapter) {
  giveUp('WebGPU finds no adapter on Node', [
    'on Debian: npm run setup, which asks before it installs a software driver',
    'Debian, as root: apt-get install mesa-vulkan-drivers libvulkan1 (on Debian 12 from bookworm-backports)',
    'Fedora, as root: dnf install mesa-vulkan-drivers vulkan-loader',
    "macOS and Windows use the system's own graphics drivers: bring them up to date",
    'or name the manifest of a Vulkan driver: VK_DRIVER_FILES=/path/to/icd.json npm test',
  ]);
}
say(`${browser}; WebGPU on Node: ${adapter}`);
