import { describe, expect, it } from 'vitest';
import { blankPicture } from './edit';

describe('blankPicture', () => {
  it.each([
    [0, 4],
    [4, 129],
    [2.5, 4],
  ])('refuses %f × %f', (width, height) => {
    expect(() => blankPicture(width, height)).toThrow(/from 1 to 128 pixels/);
  });
});
