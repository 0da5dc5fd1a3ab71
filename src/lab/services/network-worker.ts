/** A worker that turns memories into a network. */
import { expose } from 'comlink';
import { networkBuilder } from './network-builder';

expose(networkBuilder);
