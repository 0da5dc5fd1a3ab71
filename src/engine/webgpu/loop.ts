/** How the steps of a run come to the device. */
export interface Loop {
  /** What clamped units contribute to every drive, once a query. */
  clampedDrive(pass: GPUComputePassEncoder): void;
  /** What must be known of state 0; after `clampedDrive`, and when the first activities are in place. */
  prepare(pass: GPUComputePassEncoder): void;
  /**
   * Iterations `first` … `first + count − 1`.
   * @param running samples that, for all that is known, still run
   */
  iterate(pass: GPUComputePassEncoder, first: number, count: number, running: number): void;
}
