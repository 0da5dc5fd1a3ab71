import { describe, expect, it } from 'vitest';
import { logScale, niceStep, valueScale, workScale, type Scale } from './scale';

const labels = ({ ticks }: Scale): string[] => ticks.map(({ label }) => label);

describe('the axes of a figure', () => {
  it.each([
    [41, 8, 10],
    [10, 10, 1],
    [100, 8, 20],
    [0.3, 6, 0.05],
    [7e6, 4, 2e6],
  ])('divide %d into at most %d steps of %d', (span, most, step) => {
    expect(niceStep(span, most)).toBeCloseTo(step, 12);
  });

  it('begin at 0 and end with the longest run, counting whole iterations', () => {
    const scale = workScale(41, 8, true);
    expect(labels(scale)).toEqual(['0', '10', '20', '30', '40']);
    expect([scale.share(0), scale.share(41)]).toEqual([0, 1]);
    expect(labels(workScale(1, 8, true))).toEqual(['0', '1']);
    expect(labels(workScale(0.3, 6, false))).toEqual(['0', '0.05', '0.1', '0.15', '0.2', '0.25', '0.3']);
  });

  it('leave air around values, and know one value or none', () => {
    const scale = valueScale([-20, 42], 8);
    expect(labels(scale)).toEqual(['−20', '−10', '0', '10', '20', '30', '40']);
    expect(scale.share(-20)).toBeGreaterThan(0);
    expect(scale.share(42)).toBeLessThan(1);
    expect(valueScale([-45.6], 6).share(-45.6)).toBeCloseTo(0.5);
    expect(labels(valueScale([], 2))).toEqual(['0', '0.5', '1']);
  });

  it('have powers of ten at equal distances, 1 among them', () => {
    expect(labels(logScale([1, 2e-5], 8))).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1']);
    expect(labels(logScale([90, 1e-6], 6))).toEqual(['10⁻⁶', '10⁻⁴', '10⁻²', '1', '10²']);
    expect(labels(logScale([0.3, 0.4], 6))).toEqual(['10⁻¹', '1']);
    expect(labels(logScale([], 6))).toEqual(['10⁻¹', '1']);
    const { share } = logScale([1e-10, 1], 8);
    expect(share(1)).toBeLessThan(1);
    expect(share(1e-10)).toBeGreaterThan(0);
  });
});
