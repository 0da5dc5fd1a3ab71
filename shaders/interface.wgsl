// Generated from src/engine/webgpu/interface.ts, for readers; do not edit it. To write it anew:
// npm run test:node -- src/engine/webgpu/interface.test.ts -u
//
// It stands in front of every kernel, with those of the bindings that the kernel uses. The last ones are those of
// persistent.wgsl, where they take the place of others, and those of the kernels that learn.

// What all kernels know of a run.
struct Run {
  // 0: HAM, 1: CHN.
  chn: u32,
  batch: u32,
  // vec4s of all layers of a sample.
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
  // What a solver that looks back reads of its settings, in the order of its module (`Acceleration.numbers`).
  p0: f32,
  p1: f32,
  p2: f32,
  p3: f32,
  // Vectors of a sample in `history`.
  slots: u32,
  // THREADS of this run's kernels, for loops over them: see reduce.wgsl.
  threads: u32,
}

// One pass of the compiled plan: a stretch of the table of layers, and what is done with it.
struct Pass {
  // One of the PASS codes.
  kind: u32,
  // The pass that comes after it, and 1 where it is the last of an iteration. For persistent.wgsl.
  next: u32,
  ends: u32,
  first_layer: u32,
  layers: u32,
  // 1 where the pass comes after the check, which moves a sample's iteration on to t + 1.
  after_check: u32,
  // Which state an update measures: one of the MEASURES codes.
  measures: u32,
  // 1 keeps every unit where state t + 1 has it: the update only measures that state.
  measure_only: u32,
  // How units move given their drive: one of the UNIT codes.
  unit_update: u32,
  // Of an accelerator: 1 where it adjusts what updates measured of the state that it changes.
  adjusts_residual: u32,
  // Layers behind those of the pass in the table that are checked, but not moved by the accelerator.
  others: u32,
  // Of a step that is unrolled: the block that it reads, and the one that it writes.
  reads: u32,
  writes: u32,
}

// A pass in the table of passes, whose parts a dispatch may bind one by one.
struct PassSlot {
  @size(256) own: Pass,
}

// A layer as a pass has it.
struct Layer {
  // Where the layer's vec4s begin within a sample.
  start: u32,
  vec4_count: u32,
  // The first workgroup of the pass that works on this layer.
  first_block: u32,
  first_edge: u32,
  edges: u32,
  // One of the codes of activations, and its gain, degree or β.
  activation: u32,
  parameter: f32,
  // 1 where the layer is part of the state between iterations, over which the step residual is taken.
  counts: u32,
}

// A connection as the layer at its end sees it: where the activities come from, and the first of its 4 × 4 matrices.
struct Edge {
  source: u32,
  source_vec4_count: u32,
  weights: u32,
  // 1 where the source is read in its new state.
  reads_next: u32,
}

// What stays the same for four units.
struct UnitConstants {
  // b + the drive from clamped units.
  constant_drive: vec4f,
  // 1 where a unit is free, 0 where it is clamped or padding.
  free: vec4f,
}

// What an update finds out about four units: norms, and the drive from free units.
struct Terms {
  map: f32,
  scale: f32,
  step: f32,
  cycle: f32,
  free_drive: vec4f,
}

// Row i of the table of samples: where sample i stands and, in the last column, entry i of a list. The list is a
// column since a stage binds eight storage buffers at most, and those that need it bind eight. Behind the last sample
// is one more row, whose `stop` counts the samples that the check under way is done with.
struct SampleRow {
  // The state to be checked next while the sample runs; the final state once it has stopped.
  iteration: u32,
  // 0 while it runs, else one of the STOP codes.
  stop: atomic<u32>,
  // Where the solver fits ω: the one in use, and ‖f − s‖ of the last state.
  omega: f32,
  map: f32,
  // The share of the largest ‖f‖ so far that residuals are relative to at least, or 0; and that ‖f‖.
  floor: f32,
  largest: f32,
  // The list of running samples: the number of the i-th of them, or NOBODY.
  running: u32,
}

// What one dispatch of persistent.wgsl is to do.
struct Request {
  first_pass: u32,
  iterations: u32,
}

// What four units are: all of one layer.
struct UnitKind {
  // One of the codes of activations, and its gain, degree or β.
  activation: u32,
  parameter: f32,
  // 1 in the layers that the adjoint is solved on.
  solved: u32,
}

// What the adjoint of four units is made of: v = gradient + slope · Ŵv.
struct Adjoint {
  slope: vec4f,
  gradient: vec4f,
}

// Where four units are as their steps are unrolled.
struct Unrolled {
  // The newest state; and ∂loss/∂s of the state that is gone back to.
  state: vec4f,
  gradient: vec4f,
}

// One step of four units.
struct UnrolledMove {
  // ρ′ of the state that their neighbours read in this step.
  slope: vec4f,
  // How the state that they move to changes with their own, and with their drive.
  by_self: vec4f,
  by_drive: vec4f,
}

// What became of a sample of a batch that was learned from.
struct Outcome {
  // Its class, before; and behind, which output unit is the most active.
  label: u32,
  guess: u32,
  loss: f32,
  // Where its state stopped, and one of the STOP codes.
  iteration: u32,
  stop: u32,
  no_minimum: u32,
}

// Four units of the adjoint.
struct Conjugate {
  slope: vec4f,
  gradient: vec4f,
  solution: vec4f,
  residual: vec4f,
  direction: vec4f,
}

// Where a sample stands.
struct ConjugateSample {
  // ⟨r, r⟩ now, and at first.
  weight: f32,
  start: f32,
  // One of the CONJUGATE codes.
  stage: u32,
}

// A step of learning.
struct Step {
  // Which row of `outcomes` this batch has.
  row: u32,
  // The rows of `activities` and `adjoint` whose outer products are the gradient of what connects free layers.
  first_row: u32,
  end_row: u32,
  // The first vec4 of the input layer, and how many units it has.
  input: u32,
  inputs: u32,
  // The first vec4 of the output layer, and how many units it has.
  output: u32,
  classes: u32,
  // The vec4s of `moments` from a first moment to the second.
  second: u32,
  rate: f32,
  // How much of a running mean has been seen, 1 − βᵗ: of Adam’s first moment, and of the other one.
  seen_first: f32,
  seen: f32,
}

// A connection’s weights, or a layer’s biases.
struct Parameter {
  // Where the vec4s of its ends begin, and how many there are; biases have no source.
  source: u32,
  source_vec4_count: u32,
  start: u32,
  vec4_count: u32,
  // 0 where the source is the input.
  source_learns: u32,
  // Its first matrix in each direction.
  forward: u32,
  backward: u32,
  // Its first vec4 in `moments`.
  moments: u32,
  // The largest weight that Madam allows.
  largest: f32,
}

// `Pass.kind`
const PASS_CLAMPED_DRIVE = 0u;
const PASS_UPDATE = 1u;
const PASS_SOFTMAX = 2u;
const PASS_CHECK = 3u;

// `Pass.measures`
const MEASURES_CURRENT = 0u;
const MEASURES_NEXT = 1u;
const MEASURES_NONE = 2u;

// `Pass.unit_update`
const UNIT_MAP = 0u;
const UNIT_EXACT = 1u;
const UNIT_DAMPED = 2u;

// `Layer.activation`
const IDENTITY = 0u;
const SIGMOID = 1u;
const TANH = 2u;
const RELU = 3u;
const RECTIFIED_POLYNOMIAL = 4u;
const SOFTMAX = 5u;

// `SampleRow.stop`
const STOP_CONVERGED = 1u;
const STOP_LIMIT = 2u;
const STOP_DIVERGED = 3u;
const STOP_OSCILLATES = 4u;

// `ConjugateSample.stage`
const CONJUGATE_NEW = 0u;
const CONJUGATE_RUNS = 1u;
const CONJUGATE_DONE = 2u;
const CONJUGATE_NO_MINIMUM = 3u;

// No sample.
const NOBODY = 4294967295u;
// Numbers that a sample keeps from one iteration to the next.
const MEMO = 80u;
// The solver's own first vector in `history`: 0 and 1 hold outputs of the map.
const FIRST_SLOT = 2u;

// The pass that this dispatch performs.
@group(1) @binding(0) var<uniform> pass_: Pass;

@group(0) @binding(1) var<uniform> run: Run;

@group(0) @binding(2) var<storage, read> layers: array<Layer>;

@group(0) @binding(3) var<storage, read> edges: array<Edge>;

// For each connection and direction, and each vec4 of units at its end, one matrix for each vec4 of units at its
// source: column i holds the weights from source unit i to the four units.
@group(0) @binding(4) var<storage, read> weights: array<Stored>;

// Slot t mod 2 holds state t: [2][batch][width].
@group(0) @binding(5) var<storage, read_write> states: array<vec4f>;

// ρ of the free units and 0 of all others: [2][batch][width]. Before the first iteration slot 1 holds ρ of the
// clamped units, for clamped-drive.wgsl.
@group(0) @binding(6) var<storage, read_write> activity: array<vec4f>;

// [batch][width]
@group(0) @binding(7) var<storage, read_write> unit_constants: array<UnitConstants>;

// [batch + 1]
@group(0) @binding(8) var<storage, read_write> samples: array<SampleRow>;

// What updates found out about the states of even and odd number: [2][batch][width].
@group(0) @binding(9) var<storage, read_write> terms: array<Terms>;

// Energy, map residual, step residual, ‖f(s) − s‖: [trace_rows][batch].
@group(0) @binding(10) var<storage, read_write> trace: array<vec4f>;

// Vectors kept from one iteration to the next, [slots][batch][width]: slots 0 and 1 hold the map's outputs of states
// of even and odd number. Behind them the numbers that the samples keep, [batch][MEMO].
@group(0) @binding(11) var<storage, read_write> history: array<vec4f>;

@group(0) @binding(12) var<uniform> passes: array<PassSlot, 72>;

@group(0) @binding(13) var<uniform> layers: array<Layer, 256>;

@group(0) @binding(14) var<uniform> edges: array<Edge, 512>;

// The activities from one request to the next; meanwhile they are in the workgroup's memory.
@group(0) @binding(15) var<storage, read_write> kept_activity: array<vec4f>;

@group(0) @binding(16) var<uniform> request: Request;

// What this dispatch moves.
@group(1) @binding(17) var<uniform> parameter_: Parameter;

@group(0) @binding(18) var<uniform> step_: Step;

// [width]
@group(0) @binding(19) var<storage, read> unit_kinds: array<UnitKind>;

// [batch][vec4s of the input layer]
@group(0) @binding(20) var<storage, read> pictures: array<vec4f>;

// [width]
@group(0) @binding(21) var<storage, read_write> biases: array<vec4f>;

// What the optimiser remembers of each weight and bias.
@group(0) @binding(22) var<storage, read_write> moments: array<vec4f>;

// [rows][batch]
@group(0) @binding(23) var<storage, read_write> outcomes: array<Outcome>;

// ρ of all units at the equilibrium: [batch][width]. Those of the input are there from the beginning. Where steps are
// unrolled there are more such blocks behind the input’s, one a step: what is read in it.
@group(0) @binding(24) var<storage, read_write> activities: array<vec4f>;

// [batch][width]
@group(0) @binding(25) var<storage, read_write> adjoint_terms: array<Adjoint>;

// v: [batch][width]. Where steps are unrolled, their sum, and behind it such a block for each step.
@group(0) @binding(26) var<storage, read_write> adjoint: array<vec4f>;

@group(0) @binding(27) var<storage, read_write> adjoint_solve: array<Conjugate>;

@group(0) @binding(28) var<storage, read_write> adjoint_samples: array<ConjugateSample>;

// [batch][width]
@group(0) @binding(29) var<storage, read_write> unrolled: array<Unrolled>;

// [blocks][batch][width]
@group(0) @binding(30) var<storage, read_write> unrolled_moves: array<UnrolledMove>;

@group(0) @binding(31) var<storage, read_write> activity: array<vec4f>;

@group(0) @binding(32) var<storage, read_write> activity: array<vec4f>;

@group(0) @binding(33) var<storage, read_write> weights: array<mat4x4f>;
