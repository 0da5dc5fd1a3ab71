/** What the command line gives a command besides its arguments. */
export type CommandIo = {
  readonly out: (text: string) => void;
  /** For a person who is watching; a pipe gets nothing. */
  readonly progress: ((line: string) => void) | null;
  /** Aborts when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** Node's WebGPU. Rejects where the package has no build for the machine. */
  readonly gpu: () => Promise<GPU>;
};
