/**
 * Runs the scripts of package.json that a test command is made of, and adds up what they found. The last line is the sum:
 * `N passed, N failed`.
 *
 * A check counts as one. A suite counts its tests, as its own JSON report tells them; a suite that dies, runs
 * no test, or fails outside its tests counts as one failure more. Every step has a time after which it is
 * ended, so that nothing here can hang.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MINUTE = 60_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */
/**
 * @typedef {object} Step
 * @property {string} script the script of package.json that it runs
 * @property {string[]} [args]
 * @property {number} minutes
 * @property {string[]} [needs] steps without which it makes no sense
 * @property {boolean} [silent] whether it counts only when it fails
 * @property {{ file: string, read: (report: any) => Tally }} [report]
 */

/** @param {any} report of Vitest @returns {Tally} */
function tallyVitest(report) {
  // A file that could not be loaded has no tests to fail.
  const unloaded = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {any} report of Playwright @returns {Tally} */
function tallyPlaywright({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/**
 * A step that is a suite of Vitest, its report in a folder.
 * @param {string} script @param {string} file @param {number} minutes @param {string[]} needs
 * @returns {Step}
 */
export const vitest = (script, file, minutes, needs) => ({
  script,
  args: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  minutes,
  needs,
  report: { file, read: tallyVitest },
});

/**
 * A step that is a suite of Playwright, whose configuration names the same file for its report.
 * @param {string} script @param {string} file @param {number} minutes @param {string[]} needs
 * @returns {Step}
 */
export const playwright = (script, file, minutes, needs) => ({
  script,
  minutes,
  needs,
  report: { file, read: tallyPlaywright },
});

/** Each ends a step that is running, with all that it started. @type {Set<() => void>} */
const running = new Set();

/**
 * @param {Step} step
 * @returns {Promise<string | undefined>} what went wrong, if anything
 */
function run({ script, args = [], minutes }) {
  const npm = process.env['npm_execpath'];
  // Without pre-scripts: the steps before have done what those would do.
  const rest = ['run', '--silent', '--ignore-scripts', script, ...(args.length ? ['--', ...args] : [])];
  const windows = process.platform === 'win32';
  const child = npm
    ? spawn(process.execPath, [npm, ...rest], { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows })
    : spawn('npm', rest, { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows, shell: windows });
  const end = () => {
    running.delete(end);
    try {
      if (windows || child.pid === undefined) child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  running.add(end);
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, minutes * MINUTE);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      end();
      if (late) resolve(`ended after ${minutes} minutes`);
      else resolve(code === 0 ? undefined : `exit ${code ?? signal}`);
    });
  });
}

/**
 * @param {Step} step
 * @param {string | undefined} fault
 * @returns {{ tally: Tally, fault: string | undefined }}
 */
function judge({ report, silent }, fault) {
  if (!report) {
    const passed = fault === undefined && !silent ? 1 : 0;
    return { tally: { passed, failed: fault === undefined ? 0 : 1, skipped: 0 }, fault };
  }
  let tally = { passed: 0, failed: 0, skipped: 0 };
  try {
    tally = report.read(JSON.parse(readFileSync(report.file, 'utf8')));
  } catch (error) {
    fault ??= `no report: ${String(error)}`;
  }
  if (tally.passed + tally.failed === 0) fault ??= 'no test ran';
  // Something broke that is no test's own failure.
  if (fault !== undefined && tally.failed === 0) tally = { ...tally, failed: 1 };
  return { tally, fault };
}

/**
 * Performs steps, one list after the other, those of one list side by side, prints a table and the sum, and sets the exit code.
 * @param {readonly (readonly Step[])[]} lists
 * @param {string} reports folder of the reports, emptied first
 */
export async function perform(lists, reports) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      for (const end of running) end();
      process.exit(1);
    });
  }
  process.chdir(join(import.meta.dirname, '..'));
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  /** @type {Set<string>} */
  const broken = new Set();
  /** @type {string[]} */
  const lines = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  const width = Math.max(...lists.flat().map(({ script }) => script.length));

  /** @param {Step} step */
  const one = async (step) => {
    const start = performance.now();
    const missing = step.needs?.find((need) => broken.has(need));
    const outcome = judge(step, missing ? `not run: ${missing} failed` : await run(step));
    const { tally, fault } = outcome;
    if (tally.failed > 0) broken.add(step.script);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(8);
    const verdict = tally.failed > 0 ? 'FAILED' : 'ok';
    const detail = step.report ? `${tally.passed} passed, ${tally.failed} failed` : '';
    lines.push(
      [step.script.padEnd(width), verdict.padEnd(7), seconds, detail, fault ?? ''].join('  ').trimEnd(),
    );
  };

  for (const steps of lists) {
    console.log(`\n=== ${steps.map(({ script }) => script).join(', ')}`);
    await Promise.all(steps.map(one));
  }

  console.log(`\n${lines.join('\n')}\n`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}
