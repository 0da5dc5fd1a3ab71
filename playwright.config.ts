import { defineConfig } from 'playwright/test';
import { browserArgs, findMachine } from './scripts/machine.mjs';

const { executablePath } = findMachine();
const port = process.env['ATTRACTOR_PORT'] ?? '4317';
const address = `http://127.0.0.1:${port}/`;

/** What measures time is measured while nothing else runs. */
const ALONE = '**/pace.spec.ts';

/** Runs on the built lab, so `npm run build` comes first; `npm run test:e2e` does both. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  forbidOnly: true,
  // A test that passes at the second try has found something.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  projects: [
    { name: 'together', testIgnore: [ALONE, '**/e2e/browsers/**'] },
    { name: 'alone', testMatch: ALONE, dependencies: ['together'], workers: 1, fullyParallel: false },
  ],
  timeout: 90_000,
  // A little less than what `npm test` allows, so that there is a report even then.
  globalTimeout: 8.5 * 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: address,
    browserName: 'chromium',
    headless: true,
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // Writing them costs about a fifth of the time: `npx playwright test --trace on NAME` where one is wanted.
    trace: 'off',
    launchOptions: { args: [...browserArgs], ...(executablePath ? { executablePath } : {}) },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    timeout: 30_000,
    reuseExistingServer: false,
  },
});
