/** What a run on the GPU is made from. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import type { Kernels, StoredWeights } from './kernels';
import type { PersistentKernels } from './persistent-kernels';
import type { Readback } from './readback';
import type { BufferPool } from './run-buffers';
import type { Incoming } from './weight-layout';

export type RunSource = {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly persistent: PersistentKernels;
  readonly software: boolean;
  readonly network: Network;
  readonly weights: GPUBuffer;
  readonly storedAs: StoredWeights;
  readonly incoming: readonly (readonly Incoming[])[];
  readonly query: Query;
  readonly settings: SolveSettings;
  readonly plan: Plan;
  readonly pool: BufferPool;
  readonly readback: Readback;
};
