/** What leaves Classify and comes back, for the page around it: loaded when it is asked for, all at once. */
export { linkOf, openLink } from './link';
export { openRuns } from './open-runs';
export { writeRuns } from './runs-file';
