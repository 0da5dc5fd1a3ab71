/** Damage to a picture, seeded and repeatable. */
export type CorruptionKind = 'flip' | 'gaussian' | 'erase-block' | 'hide-half';

export type Corruption = {
  readonly kind: CorruptionKind;
  /** 0 to 1: the share of pixels flipped or erased, or σ of the noise in units of half the ink–paper distance. */
  readonly amount: number;
  /** A whole number from 0 to 2³² − 1. */
  readonly seed: number;
};
