import { expect, it } from 'vitest';
import { BETWEEN_FLASHES, FlashGuard } from './flash-guard';

const light = Float32Array.from({ length: 100 }, () => -1);
const dark = light.map((value) => -value);

/** How often a picture that swings at every offer is seen to change within a second. */
function changes(guard: FlashGuard, perSecond: number): number {
  let count = 0;
  let shown = light;
  guard.showed(light, 0);
  for (let i = 1; i <= perSecond; i++) {
    const now = (1000 * i) / perSecond;
    const picture = i % 2 === 1 ? dark : light;
    if (guard.delay(picture, now) > 0) continue;
    guard.showed(picture, now);
    if (picture !== shown) count++;
    shown = picture;
  }
  return count;
}

it('lets a picture that swings change three times a second at most', () => {
  for (const perSecond of [4, 7, 12, 60]) expect(changes(new FlashGuard(), perSecond)).toBeLessThanOrEqual(3);
});

it('says how long to wait', () => {
  const guard = new FlashGuard();
  guard.showed(light, 0);
  expect(guard.delay(dark, 10)).toBe(0);
  guard.showed(dark, 10);
  expect(guard.delay(light, 110)).toBeCloseTo(BETWEEN_FLASHES - 100, 9);
});

it('holds nothing back that hardly changes, nor what is not finite', () => {
  const guard = new FlashGuard();
  guard.showed(light, 0);
  const little = light.map((value, i) => (i < 5 ? -value : value));
  guard.showed(dark, 1);
  guard.showed(
    little.map((value) => -value),
    2,
  );
  expect(guard.delay(dark, 3)).toBe(0);
  expect(
    guard.delay(
      dark.map(() => NaN),
      3,
    ),
  ).toBeGreaterThan(0);
});
