// What every kernel knows of a run. Widths are counted in vec4s: a layer of n units takes ceil(n / 4) groups
// of four, the last one filled up with units that are not free and stay zero.

struct Run {
  // 0: HAM, 1: CHN.
  chn: u32,
  batch: u32,
  // Groups of all layers together.
  width: u32,
  // 1 where running samples are listed, so that they share tiles with none that has stopped.
  lists: u32,
  damping: f32,
  // The damping of iteration 0: over-relaxation begins with a plain one.
  first_damping: f32,
  tolerance: f32,
  // 0: map residual, 1: step residual; and the first state that it may end.
  by_step: u32,
  first_judged: u32,
  // 1 where ω is fitted.
  fits_omega: u32,
  iteration_limit: u32,
  // Rows of the trace; state t is written to row t mod this.
  trace_rows: u32,
  // Of the solvers that look back; `fits_scale` is 1 where L-BFGS fits its first scale.
  window: u32,
  fits_scale: u32,
  ridge: f32,
  // 1 where the ridge is relative to the trace of the Gram matrix.
  ridge_by_trace: u32,
  safeguard: u32,
  // Vectors of a sample that they keep.
  slots: u32,
  // THREADS of this run's kernels, for loops over them: see reduce.wgsl.
  threads: u32,
}

// One pass of the plan: a stretch of the table of layers, and how its updates read and report.
struct Pass {
  first_layer: u32,
  layers: u32,
  // 1 where the pass comes after the check, which moves a sample's iteration on to t + 1.
  after_check: u32,
  // Which state the pass measures: MEASURES_CURRENT, MEASURES_NEXT or MEASURES_NONE.
  measures: u32,
  // 1 keeps every unit where state t + 1 has it: the pass only measures that state.
  measure_only: u32,
  // How units move given their drive: UNIT_MAP, UNIT_EXACT or UNIT_DAMPED.
  unit_update: u32,
  // Of an accelerator: 1 where it adjusts what updates measured of the state that it changes, and the layers behind its
  // own in the table that it does not move.
  adjusts_residual: u32,
  others: u32,
}

const MEASURES_CURRENT = 0u;
const MEASURES_NEXT = 1u;
const MEASURES_NONE = 2u;

struct Layer {
  // Where the layer's groups begin within a sample.
  start: u32,
  groups: u32,
  // The first workgroup of its pass that works on this layer.
  first_block: u32,
  first_edge: u32,
  edges: u32,
  activation: u32,
  // gain, degree or β.
  parameter: f32,
  // 1 where the layer is part of the state between iterations, over which the step residual is taken.
  counts: u32,
}

// A connection as the layer at its end sees it: where the activities come from, and the weights.
struct Edge {
  source: u32,
  source_groups: u32,
  weights: u32,
  // 1 where the source is read in its new state.
  reads_next: u32,
}

struct UnitConstants {
  // b + the drive from clamped units.
  drive: vec4f,
  // 1 where a unit is free, 0 where it is clamped or padding.
  free: vec4f,
}

// What an update finds out about four units.
struct Terms {
  // Norms.
  map: f32,
  scale: f32,
  step: f32,
  cycle: f32,
  // The drive from free units.
  free_drive: vec4f,
}

struct Sample {
  // The state to be checked next while the sample runs; the final state once it has stopped.
  iteration: u32,
  // 0 while it runs, else one of the STOP codes. In the entry behind the last sample: how many have been checked.
  stop: atomic<u32>,
  // Where the solver fits ω: the one in use, and ‖f − s‖ of the last state.
  omega: f32,
  map: f32,
  // The share of the largest ‖f‖ so far that residuals are relative to at least, or 0; and that ‖f‖.
  floor: f32,
  largest: f32,
  // Not of this sample: entry i of the list of running samples, or NOBODY.
  listed: u32,
}

// Threads of a workgroup that works on one sample.
override THREADS: u32 = 64u;

const NOBODY = 0xffffffffu;

const STOP_CONVERGED = 1u;
const STOP_LIMIT = 2u;
const STOP_DIVERGED = 3u;
const STOP_OSCILLATES = 4u;

// Bindings 1, 2 and 4 of group 0 and 0 of group 1 are those of `dispatched.wgsl` or `persistent.wgsl`.
@group(0) @binding(0) var<uniform> run: Run;
// Slot t mod 2 holds state t: [2][batch][width].
@group(0) @binding(3) var<storage, read_write> states: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> unit_constants: array<UnitConstants>;
@group(0) @binding(6) var<storage, read_write> samples: array<Sample>;
// What updates found out about the states of even and odd number: [2][batch][width].
@group(1) @binding(2) var<storage, read_write> terms: array<Terms>;

fn runs(sample: u32) -> bool {
  return atomicLoad(&samples[sample].stop) == 0u;
}

// The first group of a sample in one of the two slots.
fn row(slot: u32, sample: u32) -> u32 {
  return (slot * run.batch + sample) * run.width;
}
