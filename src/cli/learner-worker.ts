/** Node's worker that learns: see `train/team/learner-service.ts`. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { createLearnerService } from '../train/team/learner-service';

if (parentPort) expose(createLearnerService(), nodeEndpoint(parentPort));
