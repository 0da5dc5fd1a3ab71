/**
 * What this machine offers of other browsers than Chromium: Firefox, and WebKitGTK with its driver.
 *
 * ATTRACTOR_FIREFOX (path of a Firefox) overrules what is found here.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Firefoxes that a system may bring along, in the order in which they are tried. */
const FIREFOXES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Of the Firefox that is there, or undefined. */
export function findFirefox() {
  const named = process.env['ATTRACTOR_FIREFOX'];
  return (named ? [named] : FIREFOXES).find((path) => existsSync(path));
}

/**
 * How Playwright starts it: as Mozilla ships it, over WebDriver BiDi. WebGPU is still behind a flag in Firefox on Linux.
 * @param {string | undefined} executablePath
 */
export const firefoxLaunch = (executablePath = findFirefox()) => ({
  channel: 'moz-firefox',
  ...(executablePath ? { executablePath } : {}),
  firefoxUserPrefs: { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true },
});

const VULKAN_MANIFESTS = '/usr/share/vulkan/icd.d';

/** A Vulkan driver that Firefox's WebGPU can use on Linux: its manifest, or undefined. */
export function findSystemVulkan() {
  const named = process.env['VK_DRIVER_FILES'];
  if (named) return named;
  const manifests = existsSync(VULKAN_MANIFESTS) ? readdirSync(VULKAN_MANIFESTS) : [];
  return manifests.find((name) => name.endsWith('.json'));
}

/** There is no WebKitGTK elsewhere. */
export const webKitRuns = process.platform === 'linux';

/** Where Debian and others keep WebKitGTK's own small browser: /usr/lib/ARCHITECTURE/webkit2gtk-4.1/MiniBrowser. */
const LIBRARIES = '/usr/lib';

/**
 * WebKitGTK's browser and its driver, and the display without a screen that they run on. A path is undefined where there is none.
 * @returns {{ browser: string | undefined, driver: string | undefined, display: string | undefined }}
 */
export function findWebKit() {
  const folders = existsSync(LIBRARIES)
    ? ['', ...readdirSync(LIBRARIES).filter((name) => name.includes('linux-gnu'))]
    : [];
  const browsers = folders.flatMap((folder) =>
    ['webkitgtk-6.0', 'webkit2gtk-4.1'].map((version) => join(LIBRARIES, folder, version, 'MiniBrowser')),
  );
  /** @param {readonly string[]} paths */
  const first = (paths) => paths.find((path) => existsSync(path));
  return {
    browser: first(browsers),
    driver: first(['/usr/bin/WebKitWebDriver']),
    display: first(['/usr/bin/Xvfb']),
  };
}
