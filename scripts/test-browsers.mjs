/** `npm run test:browsers`: the lab in Firefox and in WebKitGTK, and the numeric suite on Firefox's WebGPU. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { perform, playwright, vitest } from './steps.mjs';

const REPORTS = join('test-results', 'browsers');

// No step of its own: it may have to ask, and a step has nobody to answer it.
const setup = join(import.meta.dirname, 'setup-browsers.mjs');
const { status } = spawnSync(process.execPath, [setup], { stdio: 'inherit' });
if (status === 0) {
  await perform(
    [
      [{ script: 'pretest:e2e', minutes: 2, silent: true }],
      [playwright('test:browsers:lab', join(REPORTS, 'lab.json'), 15, ['pretest:e2e'])],
      [vitest('test:browsers:gpu', join(REPORTS, 'gpu.json'), 10, [])],
    ],
    REPORTS,
  );
} else {
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}
