/** Node's worker that computes: see `engine/worker/cpu-service.ts`. The bundle of the command line has it as a file of its own. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { createCpuService } from '../engine/worker/cpu-service';

if (parentPort) expose(createCpuService(), nodeEndpoint(parentPort));
