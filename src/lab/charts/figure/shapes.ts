/** What a figure is made of. It is laid out once as a list of these, which are then written as SVG or painted on a canvas. */

export type Weight = 400 | 600;

export type Text = {
  readonly kind: 'text';
  readonly text: string;
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
  /** The colour of an outline behind the letters, which keeps them readable on lines. */
  readonly halo?: string;
  /** What goes on half an em behind it, of weight 400. Text that begins at `x` alone has it. */
  readonly tail?: { readonly text: string; readonly colour: string };
};

export type Path = {
  readonly kind: 'path';
  /** As in SVG, with the origin at `at`. */
  readonly d: string;
  readonly at?: { readonly x: number; readonly y: number; readonly scale: number };
  readonly fill?: string;
  readonly stroke?: { readonly colour: string; readonly width: number; readonly dash: readonly number[] };
};

export type Shape = Text | Path;

/** A length as SVG has it, with two digits after the point. */
export function short(x: number): string {
  return String(Number(x.toFixed(2)));
}
