/** The page: run by hand with its button, or driven by `scripts/bench.mjs`, which reads the address and `globalThis.bench`. */
import { runBench } from './bench';
import { randomCases } from './cpu/cases';
import { readCpuOptions } from './cpu/options';
import { pageHost } from './cpu/page-host';
import { cpuRecordSchema } from './cpu/record';
import { runCpuBench } from './cpu/run';
import { cpuTable } from './cpu/table';
import { DEFAULT_WORDS, readOptions } from './options';
import { recordSchema } from './record';
import { table } from './table';
import { startWasm } from './tensorflow';

const find = <T extends HTMLElement>(selector: string, type: new () => T): T => {
  const element = document.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page has no ${selector}`);
  return element;
};
const form = find('form', HTMLFormElement);
const runButton = find('button[type=submit]', HTMLButtonElement);
const onProcessor = find('input[name=cpu]', HTMLInputElement);
const stopButton = find('button[name=stop]', HTMLButtonElement);
const save = find('#save', HTMLAnchorElement);
const status = find('[role=status]', HTMLElement);
const results = find('pre', HTMLPreElement);

let running = new AbortController();

/** Runs one of the benches, and shows and offers what it found. */
async function run<T extends object>(
  measure: (signal: AbortSignal, progress: (what: string) => void) => Promise<T>,
  asText: (record: T) => string,
): Promise<{ readonly record: T; readonly table: string }> {
  running = new AbortController();
  runButton.disabled = true;
  stopButton.disabled = false;
  save.hidden = true;
  results.textContent = '';
  try {
    const record = await measure(running.signal, (what) => {
      status.textContent = what;
      globalThis.bench.onProgress?.(what);
    });
    const text = asText(record);
    results.textContent = text;
    status.textContent = 'Done.';
    offer(record);
    return { record, table: text };
  } catch (error) {
    status.textContent = running.signal.aborted ? 'Stopped.' : String(error);
    throw error;
  } finally {
    runButton.disabled = false;
    stopButton.disabled = true;
  }
}

function offer(record: object): void {
  if (save.href) URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(
    new Blob([JSON.stringify(record, null, 2), '\n'], { type: 'application/json' }),
  );
  save.hidden = false;
}

globalThis.bench = {
  run: (options) =>
    run(async (signal, progress) => recordSchema.parse(await runBench(options, signal, progress)), table),
  runCpu: (options) =>
    run(
      async (signal, progress) =>
        cpuRecordSchema.parse(
          await runCpuBench(options, randomCases(options), pageHost(startWasm), signal, progress),
        ),
      cpuTable,
    ),
  stop: () => running.abort(),
  onProgress: null,
};

const fields = Object.keys(DEFAULT_WORDS) as readonly (keyof typeof DEFAULT_WORDS)[];
const field = (name: string): HTMLInputElement => find(`input[name=${name}]`, HTMLInputElement);
for (const name of fields) field(name).value = DEFAULT_WORDS[name];

form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    const words = Object.fromEntries(fields.map((name) => [name, field(name).value.trim()]));
    const done: Promise<unknown> = onProcessor.checked
      ? globalThis.bench.runCpu(readCpuOptions(words, false, navigator.hardwareConcurrency))
      : globalThis.bench.run(readOptions(words));
    // What goes wrong stands in the status line.
    done.catch(() => undefined);
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
});
stopButton.addEventListener('click', () => running.abort());
