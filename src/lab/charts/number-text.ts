/** Numbers as the charts, tables and summaries write them: with a true minus, and as short as they can be. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A power of ten, 10⁻⁴ for 1e-4; empty for other numbers. */
export function powerOfTen(x: number): string {
  const exponent = Math.round(Math.log10(x));
  if (!(Math.abs(x / 10 ** exponent - 1) < 1e-9)) return '';
  if (exponent === 0) return '1';
  const digits = String(Math.abs(exponent)).replace(/\d/g, (d) => SUPERSCRIPTS.charAt(Number(d)));
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** `digits` significant digits; with an exponent where there would be many zeros. */
export function shortNumber(x: number, digits = 6): string {
  if (Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const exponential = size !== 0 && (size < 1e-4 || size >= 1e7);
  const text = exponential
    ? Number(x.toPrecision(digits)).toExponential()
    : String(Number(x.toPrecision(digits)));
  return text.replaceAll('-', '−').replace('e+', 'e');
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A count or a time as a figure in large type: 41, 11,562, 1.2 M or 0.38. */
export function figureText(x: number): string {
  if (x >= 1e5) return COMPACT.format(x).replace(/[A-Z]$/, '\u00a0$&');
  return x >= 10 ? Math.round(x).toLocaleString('en') : shortNumber(x, 2);
}
