import { join } from 'node:path';
import { defineConfig } from 'playwright/test';
import base from './playwright.config';
import { firefoxLaunch, webKitRuns } from './scripts/other-browsers.mjs';

const REPORTS = 'test-results/browsers';

/** Whole files and single tests that are long without regard to the browser. */
const LONG = { files: ['pace', 'recall'], tests: [/drawn by many hands/, /as ten hands draw them/] };
/** What Playwright can do with Chromium only: limit the storage, collect what is garbage, put a finger on the page, tell of a download, force its colours. */
const CHROMIUM_ONLY = {
  files: ['export', 'journey', 'memory'],
  tests: [
    /storage is full/,
    /draws with a finger/,
    /while one draws on the stage/,
    /brings a run that is started into sight/,
    /by touch/,
    /saves them with the run/,
    /draws either residual/,
    /exports the lanes/,
    /a session is saved/,
    /its runs are a file/,
    /in the colours that a person has set/,
  ],
};

/**
 * The lab in other browsers than Chromium, for `npm run test:browsers`. Firefox takes the same tests but for those
 * above, and some of its own. WebKitGTK, which Playwright cannot drive at all, has its own.
 */
export default defineConfig({
  ...base,
  outputDir: join(REPORTS, 'lab'),
  // Firefox starts slowly, and so do kernels on a software adapter.
  timeout: 120_000,
  globalTimeout: 14.5 * 60_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: join(REPORTS, 'lab.json') }]],
  projects: [
    {
      name: 'firefox',
      testIgnore: [...LONG.files, ...CHROMIUM_ONLY.files, 'webkit'].map((name) => `**/${name}.spec.ts`),
      grepInvert: [...LONG.tests, ...CHROMIUM_ONLY.tests],
      use: {
        browserName: 'firefox',
        launchOptions: { ...firefoxLaunch(), downloadsPath: join(REPORTS, 'downloads') },
      },
    },
    ...(webKitRuns ? [{ name: 'webkit', testMatch: 'browsers/webkit.spec.ts', workers: 1 }] : []),
  ],
});
