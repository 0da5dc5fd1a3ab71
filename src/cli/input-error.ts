/** Something that the person gave cannot be used. The message is one line: what, where, and what would be right. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
