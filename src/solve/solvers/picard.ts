/** The plain iteration: s ← d·s + (1 − d)·f(s), forward Euler with step 1 − d. */
import { DAMPING } from './parameter';
import { defineSolver } from './solver-module';

export const picard = defineSolver({
  kind: 'picard',
  name: 'Picard',
  means: 'moves each unit to where the map sends it, less the damping.',
  parameters: { damping: DAMPING },
  needs: 'nothing',
  damping: ({ damping }) => damping,
  acceleration: null,
});
