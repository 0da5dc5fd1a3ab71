import { describe, expect, it } from 'vitest';
import { fitText, joinInLines, pieces, splitNames, widthOf, type Ruler } from './text';

/** A letter is as wide as it is high. */
const ruler: Ruler = (text, size) => [...text].length * size;

describe('text in a figure', () => {
  it('raises and lowers ordinary digits', () => {
    expect(pieces('10⁻⁴').map(({ text }) => text)).toEqual(['10', '−4']);
    expect(pieces('10⁻⁴').map(({ rise }) => Math.sign(rise))).toEqual([0, 1]);
    expect(pieces('gₜ₋₁ and x²').map(({ text, rise }) => [text, Math.sign(rise)])).toEqual([
      ...[
        ['g', 0],
        ['t−1', -1],
        [' and x', 0],
      ],
      ['²', 1].map((each, i) => (i === 0 ? '2' : each)),
    ]);
    expect(widthOf('10⁻⁴', 10, 400, ruler)).toBeCloseTo(20 + 14);
  });

  it('is cut where it is too wide', () => {
    expect(fitText('Synchronous', 110, 10, 400, ruler)).toBe('Synchronous');
    expect(fitText('Synchronous', 60, 10, 400, ruler)).toBe('Synch…');
    expect(fitText('Synchronous', 1, 10, 400, ruler)).toBe('…');
  });

  it('is joined in few lines, about equally long, none of them wider than there is room', () => {
    expect(joinInLines(['one', 'two', 'three'], 200, 10, ruler)).toEqual(['one · two · three']);
    expect(joinInLines(['one', 'two', 'six', 'ten'], 200, 10, ruler)).toEqual(['one · two', 'six · ten']);
    expect(joinInLines(['one', 'longest of all', 'two'], 100, 10, ruler)).toEqual([
      'one',
      'longest o…',
      'two',
    ]);
    expect(joinInLines([], 100, 10, ruler)).toEqual([]);
  });
});

describe('the names of runs', () => {
  it('are parted from what all of them share', () => {
    expect(splitNames(['A · Dense · even-odd', 'A · Dense · synchronous'])).toEqual({
      shared: 'A · Dense',
      own: ['even-odd', 'synchronous'],
    });
    expect(splitNames(['A · x · L-BFGS', 'A · y · L-BFGS'])).toEqual({
      shared: 'A · L-BFGS',
      own: ['x', 'y'],
    });
  });

  it('stay whole where they share nothing, are equal, or are but one', () => {
    for (const names of [['Synchronous', 'Even-odd'], ['A · B', 'A · B'], ['A · B', 'A'], ['A · B'], []])
      expect(splitNames(names)).toEqual({ shared: '', own: names });
  });
});
