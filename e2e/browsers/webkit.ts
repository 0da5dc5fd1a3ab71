/** WebKitGTK for a test: its driver and a display for each worker, a fresh browser with the lab open for each test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, expect } from 'playwright/test';
import { findWebKit } from '../../scripts/other-browsers.mjs';
import { WebDriverSession } from './webdriver';
import { WebKitLab } from './webkit-lab';

type Driver = {
  readonly address: string;
  /** The home of the browser, where it saves what is downloaded. */
  readonly home: string;
};

/** A display without a screen; its number is the first line that it writes. */
async function openDisplay(xvfb: string): Promise<readonly [display: string, process: ChildProcess]> {
  const child = spawn(xvfb, ['-displayfd', '1', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = (await once(createInterface(child.stdout), 'line')) as [string];
  return [`:${number}`, child];
}

export const test = base.extend<{ lab: WebKitLab }, { driver: Driver }>({
  driver: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted
    async ({}, use, { project }) => {
      const { driver, display: xvfb } = findWebKit();
      if (!driver || !xvfb) throw new Error('WebKitGTK is not there: npm run setup:browsers');
      const home = join(project.outputDir, 'webkit-home');
      await mkdir(home, { recursive: true });
      const [display, screen] = await openDisplay(xvfb);
      const port = Number(process.env['ATTRACTOR_PORT'] ?? '4317') + 1;
      const env = { ...process.env, DISPLAY: display, HOME: home };
      const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' });
      const address = `http://127.0.0.1:${port}`;
      const answers = (): Promise<boolean> =>
        fetch(`${address}/status`).then(
          ({ ok }) => ok,
          () => false,
        );
      try {
        await expect.poll(answers, { intervals: [100] }).toBe(true);
        await use({ address, home });
      } finally {
        child.kill();
        screen.kill();
      }
    },
    { scope: 'worker' },
  ],
  lab: async ({ driver: { address, home }, baseURL }, use) => {
    for (const name of await readdir(home)) {
      if (/\.(csv|json)$/.test(name)) await rm(join(home, name));
    }
    const session = await WebDriverSession.open(address, {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: findWebKit().browser, args: ['--automation'] },
    });
    const lab = new WebKitLab(session, baseURL ?? '', home);
    try {
      await lab.open();
      await use(lab);
      expect(await lab.faults(), 'errors in the console').toEqual([]);
    } finally {
      await session.close();
    }
  },
});
