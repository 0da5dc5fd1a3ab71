/** A file that cannot be read. The message is one line for the person: what is wrong, where, what would be right. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
