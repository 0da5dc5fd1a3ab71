/** The page's one engine host. */
import { chooseLabEngine } from './choose-engine';
import { EngineHost } from './engine-host';

export const engineHost = new EngineHost(chooseLabEngine);
