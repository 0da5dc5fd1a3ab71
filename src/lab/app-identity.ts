/** What files and records say wrote them. */
import type { AppIdentity } from '../records/run-parts';

declare const __APP_VERSION__: string;

export const APP: AppIdentity = { name: 'Attractor', version: __APP_VERSION__ };
