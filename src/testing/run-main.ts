/** The command line as a person runs it, in a process of its own or, which is sooner, in this one. For tests only. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sharedGpu } from './every-engine';
import { main } from '../cli/main';

const PROGRAM = join(import.meta.dirname, '../../scripts/attractor.mjs');

export type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** All of it but the process: arguments, streams and exit code. */
export async function runMain(args: readonly string[], stdin = new Uint8Array()): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const out = (text: string): void => void (stdout += text);
  const io = {
    out,
    write: (text: string) => Promise.resolve(out(text)),
    read: () => Promise.resolve(stdin),
    progress: null,
    signal: new AbortController().signal,
    gpu: sharedGpu,
    startWorker: null,
  };
  const code = await main(args, io, (line) => void (stderr += `${line}\n`));
  return { code, stdout, stderr };
}

/** @param onStart is handed what presses Ctrl-C, as is `onOutput` when the first is printed */
export function runProcess(
  args: readonly string[],
  {
    stdin,
    onStart,
    onOutput,
  }: {
    readonly stdin?: Uint8Array;
    readonly onStart?: (kill: () => void) => void;
    readonly onOutput?: (kill: () => void) => void;
  } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'pipe' });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
    const kill = (): void => void child.kill('SIGINT');
    onStart?.(kill);
    if (onOutput) child.stdout.once('data', () => onOutput(kill));
  });
}
