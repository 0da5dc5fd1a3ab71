/**
 * Fetches what `npm run test:browsers` needs and the machine lacks: Firefox, and on Linux a Vulkan driver for its WebGPU,
 * WebKitGTK with its driver, and a display without a screen. It asks first: see install.mjs.
 */
import { aptInstall, asRoot, consent, debian, giveUp, say } from './install.mjs';
import { findFirefox, findSystemVulkan, findWebKit, webKitRuns } from './other-browsers.mjs';

/** What is needed and not there, each with the Debian package that has it. */
function missing() {
  const { browser, driver, display } = findWebKit();
  const everywhere = [{ found: findFirefox(), name: 'Firefox', debianPackage: 'firefox-esr' }];
  const onLinux = [
    { found: findSystemVulkan(), name: 'Vulkan driver for Firefox', debianPackage: 'mesa-vulkan-drivers' },
    { found: driver && browser, name: 'WebKitGTK with its driver', debianPackage: 'webkit2gtk-driver' },
    { found: display, name: 'Xvfb', debianPackage: 'xvfb' },
  ];
  return [...everywhere, ...(webKitRuns ? onLinux : [])].filter(({ found }) => found === undefined);
}

const named = process.env['ATTRACTOR_FIREFOX'];
if (named && !findFirefox()) {
  giveUp(`ATTRACTOR_FIREFOX names ${named}, which is not there`, ['name a Firefox, or none']);
}

const before = missing();
if (before.length > 0 && debian) {
  const packages = before.map(({ debianPackage }) => debianPackage);
  say(`there is no ${before.map(({ name }) => name).join(', no ')}`);
  if (await consent(`Debian's ${packages.join(', ')} would be installed${asRoot}`)) aptInstall(...packages);
}
const after = missing();
if (after.length > 0) {
  giveUp(`there is no ${after.map(({ name }) => name).join(', no ')}`, [
    'on Debian: npm run setup:browsers, which asks before it installs them',
    `Debian, as root: apt-get install ${after.map(({ debianPackage }) => debianPackage).join(' ')}`,
    'elsewhere: the packages of your system that have them',
    'or name a Firefox of your own: ATTRACTOR_FIREFOX=/path/to/firefox npm run test:browsers',
  ]);
}
say(`${findFirefox()}; ${webKitRuns ? findWebKit().browser : 'WebKitGTK is for Linux alone'}`);
