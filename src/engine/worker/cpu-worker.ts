/** A page's worker that computes: see `cpu-service.ts`. */
import { expose } from 'comlink';
import { createCpuService } from './cpu-service';

expose(createCpuService());
