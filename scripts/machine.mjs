/**
 * What this machine offers the tests: a Chromium, and the Vulkan driver that WebGPU uses on Node.
 *
 * Two environment variables overrule what is found here: ATTRACTOR_BROWSER (path of a Chromium or Chrome)
 * and VK_DRIVER_FILES (path of a Vulkan driver manifest, a real GPU's for instance).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright';

/** Debian's Chromium without the parts of a window: the same pages take less of the processor. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Browsers that a system may bring along, in the order in which they are tried. */
const SYSTEM_BROWSERS = [
  HEADLESS_SHELL,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const VULKAN_MANIFESTS = '/usr/share/vulkan/icd.d';

/**
 * WebGPU is still behind a flag in Chromium on Linux. Where there is no GPU its adapter is SwiftShader. And Chromium
 * draws the list below its address bar as a page of its own with each new window, which nobody sees in a headless one,
 * and which takes more of the processor than the lab.
 * @type {readonly string[]}
 */
export const browserArgs = [
  '--enable-unsafe-webgpu',
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup',
];

/**
 * A browser that was downloaded without the libraries it needs is there, but does not start. On Windows
 * Chrome opens a window instead of telling its version, so being there has to do.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true;
  return spawnSync(path, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0;
}

/**
 * The browser that the tests run in, or undefined where there is none that starts.
 * @param {boolean} headed whether it is to show a window
 */
export function findBrowser(headed = false) {
  const named = process.env['ATTRACTOR_BROWSER'];
  if (named) return starts(named) ? named : undefined;
  return [chromium.executablePath(), ...SYSTEM_BROWSERS].find(
    (path) => !(headed && path === HEADLESS_SHELL) && starts(path),
  );
}

/**
 * The manifest of a software Vulkan driver, so that a run means the same on every Linux machine: lavapipe
 * where Mesa's drivers are installed, else the SwiftShader that comes with Chromium.
 * @param {string | undefined} browser
 */
export function findVulkanDriver(browser) {
  const named = process.env['VK_DRIVER_FILES'];
  if (named) return named;
  if (process.platform !== 'linux') return undefined;
  const manifests = existsSync(VULKAN_MANIFESTS) ? readdirSync(VULKAN_MANIFESTS) : [];
  const lavapipe = manifests
    .filter((name) => /^lvp_icd\b.*\.json$/.test(name))
    .map((name) => join(VULKAN_MANIFESTS, name));
  const swiftShader = [...(browser ? [dirname(browser)] : []), '/usr/lib/chromium']
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .filter((path) => existsSync(path));
  return [...lavapipe, ...swiftShader][0];
}

/**
 * Lavapipe's own threads would wait for one another at each of a test's small dispatches, beside those of the other test that
 * runs: without them the numeric suite takes a fifth less of the processor.
 */
const ONE_THREAD = { LP_NUM_THREADS: '0' };

/**
 * What the test configurations need. A missing browser is no error here: the runner says so when it starts.
 * @returns {{ executablePath?: string, env: Record<string, string> }}
 */
export function findMachine() {
  const browser = findBrowser();
  const driver = findVulkanDriver(browser);
  return {
    ...(browser ? { executablePath: browser } : {}),
    env: driver ? { ...ONE_THREAD, VK_DRIVER_FILES: driver } : {},
  };
}

/**
 * Asks WebGPU on Node for an adapter, in a process of its own since a broken driver may crash it.
 * @param {string | undefined} driver
 * @returns {string | undefined} the adapter's name for itself, undefined where there is none
 */
export function probeAdapter(driver) {
  const probe = `
    import { create } from 'webgpu';
    const adapter = await create([]).requestAdapter();
    if (adapter) console.log(adapter.info.description || adapter.info.vendor || 'an unnamed adapter');
    process.exit(adapter ? 0 : 1);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', probe], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...(driver ? { VK_DRIVER_FILES: driver } : {}) },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 30_000,
  });
  return status === 0 ? stdout.trim().split('\n').at(-1) : undefined;
}
