/** The sets that come with the project. */
import type { MemorySet } from '../picture';
import { digits } from './digits';
import { letters } from './letters';
import { shapes } from './shapes';

export const builtInSets: readonly MemorySet[] = [letters, digits, shapes];
