/** What `npm run test:bench` begins with: installs the bench's own packages where they are missing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { INSTALL, missingPackages } from '../bench/packages.mjs';

if (missingPackages().length > 0) {
  const root = join(import.meta.dirname, '..');
  const { status } = spawnSync(INSTALL, { cwd: root, shell: true, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
