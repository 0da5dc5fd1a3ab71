/** The page: run by hand with its button, or driven by `scripts/bench.mjs`, which reads the address and `globalThis.bench`. */
import { runBench } from './bench';
import { DEFAULT_WORDS, readOptions, type BenchOptions } from './options';
import { recordSchema, type BenchRecord } from './record';
import { table } from './table';

const find = <T extends HTMLElement>(selector: string, type: new () => T): T => {
  const element = document.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page has no ${selector}`);
  return element;
};
const form = find('form', HTMLFormElement);
const runButton = find('button[type=submit]', HTMLButtonElement);
const stopButton = find('button[name=stop]', HTMLButtonElement);
const save = find('#save', HTMLAnchorElement);
const status = find('[role=status]', HTMLElement);
const results = find('pre', HTMLPreElement);

let running = new AbortController();

async function run(options: BenchOptions): Promise<{ readonly record: BenchRecord; readonly table: string }> {
  running = new AbortController();
  runButton.disabled = true;
  stopButton.disabled = false;
  save.hidden = true;
  results.textContent = '';
  try {
    const record = recordSchema.parse(
      await runBench(options, running.signal, (what) => {
        status.textContent = what;
        globalThis.bench.onProgress?.(what);
      }),
    );
    const text = table(record);
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

function offer(record: BenchRecord): void {
  if (save.href) URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(
    new Blob([JSON.stringify(record, null, 2), '\n'], { type: 'application/json' }),
  );
  save.hidden = false;
}

globalThis.bench = { run, stop: () => running.abort(), onProgress: null };

const fields = Object.keys(DEFAULT_WORDS) as readonly (keyof typeof DEFAULT_WORDS)[];
const field = (name: string): HTMLInputElement => find(`input[name=${name}]`, HTMLInputElement);
for (const name of fields) field(name).value = DEFAULT_WORDS[name];

form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    const options = readOptions(Object.fromEntries(fields.map((name) => [name, field(name).value.trim()])));
    // What goes wrong stands in the status line.
    run(options).catch(() => undefined);
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
});
stopButton.addEventListener('click', () => running.abort());
