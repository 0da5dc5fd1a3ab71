/**
 * What TypeScript and WGSL share, declared once: structs, codes, constants and bindings. From it come how records are packed,
 * the bind group layouts and entries, and the WGSL in front of every kernel. `shaders/interface.wgsl` shows that WGSL.
 *
 * Widths are counted in vec4s: a layer of n units takes ceil(n / 4), the last one filled up with units that are not free
 * and stay zero.
 */
import {
  UNIT_KIND,
  ADJOINT,
  UNROLLED,
  UNROLLED_MOVE,
  OUTCOME,
  CONJUGATE,
  CONJUGATE_SAMPLE,
  STEP,
  PARAMETER,
  CONJUGATE_STAGE,
} from './learning/structs';
import { atomicU32, codes, comment, constants, f32, struct, u32, vec4f } from './wgsl';

export const RUN = struct('Run', 'What all kernels know of a run.', {
  chn: u32('0: HAM, 1: CHN.'),
  batch: u32(),
  width: u32('vec4s of all layers of a sample.'),
  lists: u32('1 where running samples are listed, so that they share tiles with none that has stopped.'),
  damping: f32(),
  first_damping: f32('The damping of iteration 0: over-relaxation begins with a plain one.'),
  tolerance: f32(),
  by_step: u32('0: map residual, 1: step residual; and the first state that it may end.'),
  first_judged: u32(),
  fits_omega: u32('1 where ω is fitted.'),
  iteration_limit: u32(),
  trace_rows: u32('Rows of the trace; state t is written to row t mod this.'),
  p0: f32(
    'What a solver that looks back reads of its settings, in the order of its module (`Acceleration.numbers`).',
  ),
  p1: f32(),
  p2: f32(),
  p3: f32(),
  slots: u32('Vectors of a sample in `history`.'),
  threads: u32("THREADS of this run's kernels, for loops over them: see reduce.wgsl."),
});

export const PASS = struct(
  'Pass',
  'One pass of the compiled plan: a stretch of the table of layers, and what is done with it.',
  {
    kind: u32('One of the PASS codes.'),
    next: u32(
      'The pass that comes after it, and 1 where it is the last of an iteration. For persistent.wgsl.',
    ),
    ends: u32(),
    first_layer: u32(),
    layers: u32(),
    after_check: u32("1 where the pass comes after the check, which moves a sample's iteration on to t + 1."),
    measures: u32('Which state an update measures: one of the MEASURES codes.'),
    measure_only: u32('1 keeps every unit where state t + 1 has it: the update only measures that state.'),
    unit_update: u32('How units move given their drive: one of the UNIT codes.'),
    adjusts_residual: u32(
      'Of an accelerator: 1 where it adjusts what updates measured of the state that it changes.',
    ),
    others: u32(
      'Layers behind those of the pass in the table that are checked, but not moved by the accelerator.',
    ),
    reads: u32('Of a step that is unrolled: the block that it reads, and the one that it writes.'),
    writes: u32(),
  },
);

export const LAYER = struct('Layer', 'A layer as a pass has it.', {
  start: u32("Where the layer's vec4s begin within a sample."),
  vec4_count: u32(),
  first_block: u32('The first workgroup of the pass that works on this layer.'),
  first_edge: u32(),
  edges: u32(),
  activation: u32('One of the codes of activations, and its gain, degree or β.'),
  parameter: f32(),
  counts: u32(
    '1 where the layer is part of the state between iterations, over which the step residual is taken.',
  ),
});

export const EDGE = struct(
  'Edge',
  'A connection as the layer at its end sees it: where the activities come from, and the first of its 4 × 4 matrices.',
  {
    source: u32(),
    source_vec4_count: u32(),
    weights: u32(),
    reads_next: u32('1 where the source is read in its new state.'),
  },
);

export const UNIT_CONSTANTS = struct('UnitConstants', 'What stays the same for four units.', {
  constant_drive: vec4f('b + the drive from clamped units.'),
  free: vec4f('1 where a unit is free, 0 where it is clamped or padding.'),
});

export const TERMS = struct(
  'Terms',
  'What an update finds out about four units: norms, and the drive from free units.',
  {
    map: f32(),
    scale: f32(),
    step: f32(),
    cycle: f32(),
    free_drive: vec4f(),
  },
);

export const SAMPLE = struct(
  'SampleRow',
  'Row i of the table of samples: where sample i stands and, in the last column, entry i of a list. The list is a column since a stage binds eight storage buffers at most, and those that need it bind eight. Behind the last sample is one more row, whose `stop` counts the samples that the check under way is done with.',
  {
    iteration: u32(
      'The state to be checked next while the sample runs; the final state once it has stopped.',
    ),
    stop: atomicU32('0 while it runs, else one of the STOP codes.'),
    omega: f32('Where the solver fits ω: the one in use, and ‖f − s‖ of the last state.'),
    map: f32(),
    floor: f32(
      'The share of the largest ‖f‖ so far that residuals are relative to at least, or 0; and that ‖f‖.',
    ),
    largest: f32(),
    running: u32('The list of running samples: the number of the i-th of them, or NOBODY.'),
  },
);

export const REQUEST = struct('Request', 'What one dispatch of persistent.wgsl is to do.', {
  first_pass: u32(),
  iterations: u32(),
});

export const ACTIVATION = codes('', '`Layer.activation`', [
  'identity',
  'sigmoid',
  'tanh',
  'relu',
  'rectified-polynomial',
  'softmax',
]);
export const PASS_KIND = codes('PASS_', '`Pass.kind`', ['clamped-drive', 'update', 'softmax', 'check']);
export const MEASURES = codes('MEASURES_', '`Pass.measures`', ['current', 'next', 'none']);
export const UNIT_UPDATE = codes('UNIT_', '`Pass.unit_update`', ['map', 'exact', 'damped']);
export const STOP = codes('STOP_', '`SampleRow.stop`', ['converged', 'limit', 'diverged', 'oscillates'], 1);

export type PassKind = (typeof PASS_KIND.names)[number];

/** Bytes between two passes, each of which a dispatch binds by itself: the widest alignment that a device may ask for. */
export const PASS_STRIDE = 256;

/** Entries of the tables that persistent.wgsl goes by, since uniforms have a size of their own. */
export const MOST = { passes: 72, layers: 256, edges: 512 } as const;

/** Numbers that a sample keeps behind the vectors in `history`, and the vectors before those of the solver itself. */
export const MEMO = 80;
export const FIRST_SLOT = 2;

const CONSTANTS = constants({
  NOBODY: { value: 0xffffffff, doc: 'No sample.' },
  MEMO: { value: MEMO, doc: 'Numbers that a sample keeps from one iteration to the next.' },
  FIRST_SLOT: {
    value: FIRST_SLOT,
    doc: "The solver's own first vector in `history`: 0 and 1 hold outputs of the map.",
  },
});

const PASS_SLOT = `// A pass in the table of passes, whose parts a dispatch may bind one by one.
struct PassSlot {
  @size(${PASS_STRIDE}) own: Pass,
}`;

type Access = 'uniform' | 'read' | 'read_write';

const binding =
  (access: Access) =>
  <B extends string>(buffer: B, variable: `${string}: ${string}`, doc = '') => ({
    access,
    buffer,
    variable,
    doc,
    /** Bytes of one part, of which each dispatch binds another; null where the whole buffer is bound. */
    part: null as number | null,
  });
const uniform = binding('uniform');
const read = binding('read');
const readWrite = binding('read_write');

/**
 * What a kernel may bind, eight storage buffers at most: which buffer, and the variable that WGSL has for it. What is
 * bound in parts is group 1, whose offset changes with each dispatch; the others are group 0, each at its place in this list.
 */
const BINDINGS = {
  pass: {
    ...uniform('passes', 'pass_: Pass', 'The pass that this dispatch performs.'),
    part: PASS.size,
  },
  run: uniform('run', 'run: Run'),
  layers: read('layers', 'layers: array<Layer>'),
  edges: read('edges', 'edges: array<Edge>'),
  weights: read(
    'weights',
    'weights: array<Stored>',
    'For each connection and direction, and each vec4 of units at its end, one matrix for each vec4 of units at its source: column i holds the weights from source unit i to the four units.',
  ),
  states: readWrite('states', 'states: array<vec4f>', 'Slot t mod 2 holds state t: [2][batch][width].'),
  activity: readWrite(
    'activity',
    'activity: array<vec4f>',
    'ρ of the free units and 0 of all others: [2][batch][width]. Before the first iteration slot 1 holds ρ of the clamped units, for clamped-drive.wgsl.',
  ),
  unitConstants: readWrite('unitConstants', 'unit_constants: array<UnitConstants>', '[batch][width]'),
  samples: readWrite('samples', 'samples: array<SampleRow>', '[batch + 1]'),
  terms: readWrite(
    'terms',
    'terms: array<Terms>',
    'What updates found out about the states of even and odd number: [2][batch][width].',
  ),
  trace: readWrite(
    'trace',
    'trace: array<vec4f>',
    'Energy, map residual, step residual, ‖f(s) − s‖: [trace_rows][batch].',
  ),
  history: readWrite(
    'history',
    'history: array<vec4f>',
    "Vectors kept from one iteration to the next, [slots][batch][width]: slots 0 and 1 hold the map's outputs of states of even and odd number. Behind them the numbers that the samples keep, [batch][MEMO].",
  ),
  // Those of persistent.wgsl, where they take the place of others.
  allPasses: uniform('passes', `passes: array<PassSlot, ${MOST.passes}>`),
  layerTable: uniform('layers', `layers: array<Layer, ${MOST.layers}>`),
  edgeTable: uniform('edges', `edges: array<Edge, ${MOST.edges}>`),
  keptActivity: readWrite(
    'activity',
    'kept_activity: array<vec4f>',
    "The activities from one request to the next; meanwhile they are in the workgroup's memory.",
  ),
  request: uniform('request', 'request: Request'),
} as const;

/** What kernels bind that learn. */
const LEARNING_BINDINGS = {
  parameter: {
    ...uniform('parameters', 'parameter_: Parameter', 'What this dispatch moves.'),
    part: PARAMETER.size,
  },
  step: uniform('step', 'step_: Step'),
  unitKinds: read('unitKinds', 'unit_kinds: array<UnitKind>', '[width]'),
  pictures: read('pictures', 'pictures: array<vec4f>', '[batch][vec4s of the input layer]'),
  biases: readWrite('biases', 'biases: array<vec4f>', '[width]'),
  moments: readWrite(
    'moments',
    'moments: array<vec4f>',
    'What the optimiser remembers of each weight and bias.',
  ),
  outcomes: readWrite('outcomes', 'outcomes: array<Outcome>', '[rows][batch]'),
  activities: readWrite(
    'activities',
    'activities: array<vec4f>',
    'ρ of all units at the equilibrium: [batch][width]. Those of the input are there from the beginning. Where steps are unrolled there are more such blocks behind the input’s, one a step: what is read in it.',
  ),
  adjointTerms: readWrite('adjointTerms', 'adjoint_terms: array<Adjoint>', '[batch][width]'),
  adjoint: readWrite(
    'adjoint',
    'adjoint: array<vec4f>',
    'v: [batch][width]. Where steps are unrolled, their sum, and behind it such a block for each step.',
  ),
  adjointSolve: readWrite('adjointSolve', 'adjoint_solve: array<Conjugate>'),
  adjointSamples: readWrite('adjointSamples', 'adjoint_samples: array<ConjugateSample>'),
  unrolled: readWrite('unrolled', 'unrolled: array<Unrolled>', '[batch][width]'),
  unrolledMoves: readWrite('unrolledMoves', 'unrolled_moves: array<UnrolledMove>', '[blocks][batch][width]'),
  // In the place of the activities, for products; and weights that are not only read.
  unrolledActivity: readWrite('activities', 'activity: array<vec4f>'),
  adjointActivity: readWrite('adjoint', 'activity: array<vec4f>'),
  learnedWeights: readWrite('weights', 'weights: array<mat4x4f>'),
} as const;

const ALL_BINDINGS = { ...BINDINGS, ...LEARNING_BINDINGS };

export type BindingName = keyof typeof ALL_BINDINGS;

/** The buffers of a run, with the network's weights. */
export type RunBufferName = (typeof BINDINGS)[keyof typeof BINDINGS]['buffer'];
export type BufferName = (typeof ALL_BINDINGS)[BindingName]['buffer'];
export type BufferSet = Readonly<Partial<Record<BufferName, GPUBuffer>>>;

export const BINDING_NAMES = Object.keys(ALL_BINDINGS) as BindingName[];

const numberOf = (name: BindingName): number => BINDING_NAMES.indexOf(name);

export const bindingOf = (name: BindingName): (typeof ALL_BINDINGS)[BindingName] => ALL_BINDINGS[name];

/** Whether each dispatch binds another part of the buffer. */
export const inParts = (name: BindingName): boolean => bindingOf(name).part !== null;

/** What stands in front of a kernel that binds these: structs, codes and constants, and its bindings. */
export const headerWgsl = (binds: readonly BindingName[]): string =>
  [
    ...[RUN, PASS].map(({ wgsl }) => wgsl),
    PASS_SLOT,
    ...[LAYER, EDGE, UNIT_CONSTANTS, TERMS, SAMPLE, REQUEST].map(({ wgsl }) => wgsl),
    ...[
      UNIT_KIND,
      ADJOINT,
      UNROLLED,
      UNROLLED_MOVE,
      OUTCOME,
      CONJUGATE,
      CONJUGATE_SAMPLE,
      STEP,
      PARAMETER,
    ].map(({ wgsl }) => wgsl),
    ...[PASS_KIND, MEASURES, UNIT_UPDATE, ACTIVATION, STOP, CONJUGATE_STAGE].map(({ wgsl }) => wgsl),
    CONSTANTS,
    ...binds.map((name) => {
      const { access, variable, doc } = bindingOf(name);
      const space = access === 'uniform' ? 'uniform' : `storage, ${access}`;
      const group = inParts(name) ? 1 : 0;
      return `${comment(doc)}@group(${group}) @binding(${numberOf(name)}) var<${space}> ${variable};`;
    }),
  ].join('\n\n');

/** A group's layout: that of what is bound in parts, or that of the others. */
export function layoutEntries(binds: readonly BindingName[]): GPUBindGroupLayoutEntry[] {
  const types = { uniform: 'uniform', read: 'read-only-storage', read_write: 'storage' } as const;
  return binds.map((name) => ({
    binding: numberOf(name),
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: types[bindingOf(name).access], hasDynamicOffset: inParts(name) },
  }));
}

/** The resources of such a group. */
export const bindGroupEntries = (binds: readonly BindingName[], buffers: BufferSet): GPUBindGroupEntry[] =>
  binds.map((name) => {
    const { buffer: label, part } = bindingOf(name);
    const buffer = buffers[label];
    if (!buffer) throw new Error(`there is no buffer ${label} to bind`);
    return { binding: numberOf(name), resource: part === null ? { buffer } : { buffer, size: part } };
  });
