/**
 * `npm run --silent attractor -- COMMAND …`: the command line.
 *
 * The work is done by a second process, `attractor-command.mjs`. Its stderr leads nowhere, since GPU drivers write there
 * whatever they like; what it has to say itself it says on descriptor 3, which is the stderr of this process. And
 * should a driver crash, someone is left who can say so.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('attractor-command.mjs', import.meta.url));
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'ignore', 2],
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => child.kill(signal));
}

child.on('error', (error) => {
  process.stderr.write(`attractor: it could not be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  if (signal && signal !== 'SIGTERM' && signal !== 'SIGINT') {
    process.stderr.write(
      `attractor: it was ended by ${signal}; a GPU driver may have failed, so try --engine cpu\n`,
    );
  }
  process.exitCode = code ?? (signal === 'SIGTERM' ? 143 : signal === 'SIGINT' ? 130 : 1);
});
