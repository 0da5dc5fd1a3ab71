/** `npm test`: the checks side by side, then the suites one after the other. */
import { join } from 'node:path';
import { perform, playwright, vitest } from './steps.mjs';

const REPORTS = 'test-results';
/** Most of a suite goes into compiling kernels for a software adapter, which may keep none from one file to the next. */
const COMPILING = 6;

/** @param {string} name */
const suite = (name) => vitest(`test:${name}`, join(REPORTS, `${name}.json`), COMPILING, ['setup']);

await perform(
  [
    [{ script: 'setup', minutes: 12, silent: true }],
    [
      { script: 'lint', minutes: 3 },
      { script: 'format:check', minutes: 3 },
      { script: 'typecheck', minutes: 3 },
      { script: 'imports', minutes: 3 },
      { script: 'licences', minutes: 1 },
      { script: 'dead', minutes: 2 },
      // Compiles the kernels of the CPU engine as well, for which the suites would wait.
      { script: 'pretest:e2e', minutes: 3, silent: true },
    ],
    [suite('node')],
    [suite('browser')],
    [playwright('test:e2e', join(REPORTS, 'e2e.json'), 9, ['setup', 'pretest:e2e'])],
  ],
  REPORTS,
);
