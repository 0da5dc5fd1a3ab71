/** Gives the person a file to keep. */

const LONGEST_STEM = 80;
/** Long enough for any browser to have begun reading the file. */
const REVOKE_AFTER = 60_000;

/**
 * A name that every system takes: letters and digits of any script, dots, dashes and underscores; never
 * hidden, never a path. `extension` is without its dot.
 */
export function safeFileName(name: string, extension: string): string {
  const stem = [...name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')]
    .slice(0, LONGEST_STEM)
    .join('')
    .replace(/^[.-]+|[.-]+$/g, '');
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(stem);
  return `${stem === '' ? 'run' : reserved ? `_${stem}` : stem}.${extension}`;
}

/** Saves `blob` under a safe form of `name`. The object URL is revoked once it has been read. */
export function download(blob: Blob, name: string, extension: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = safeFileName(name, extension);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER);
}
