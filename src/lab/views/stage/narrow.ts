/** A page that has no room for lanes and cue beside each other; the style sheets say the same. */
export const NARROW = '(max-width: 899px)';
