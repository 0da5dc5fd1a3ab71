/** The part of the interface (`interface.ts`) that only kernels have that learn. */
import { codes, f32, struct, u32, vec4f } from '../wgsl';

export const UNIT_KIND = struct('UnitKind', 'What four units are: all of one layer.', {
  activation: u32('One of the codes of activations, and its gain, degree or β.'),
  parameter: f32(),
  solved: u32('1 in the layers that the adjoint is solved on.'),
});

export const ADJOINT = struct(
  'Adjoint',
  'What the adjoint of four units is made of: v = gradient + slope · Ŵv.',
  {
    slope: vec4f(),
    gradient: vec4f(),
  },
);

export const UNROLLED = struct('Unrolled', 'Where four units are as their steps are unrolled.', {
  state: vec4f('The newest state; and ∂loss/∂s of the state that is gone back to.'),
  gradient: vec4f(),
});

export const UNROLLED_MOVE = struct('UnrolledMove', 'One step of four units.', {
  slope: vec4f('ρ′ of the state that their neighbours read in this step.'),
  by_self: vec4f('How the state that they move to changes with their own, and with their drive.'),
  by_drive: vec4f(),
});

export const OUTCOME = struct('Outcome', 'What became of a sample of a batch that was learned from.', {
  label: u32('Its class, before; and behind, which output unit is the most active.'),
  guess: u32(),
  loss: f32(),
  iteration: u32('Where its state stopped, and one of the STOP codes.'),
  stop: u32(),
  no_minimum: u32(),
});

export const CONJUGATE = struct('Conjugate', 'Four units of the adjoint.', {
  slope: vec4f(),
  gradient: vec4f(),
  solution: vec4f(),
  residual: vec4f(),
  direction: vec4f(),
});

export const CONJUGATE_SAMPLE = struct('ConjugateSample', 'Where a sample stands.', {
  weight: f32('⟨r, r⟩ now, and at first.'),
  start: f32(),
  stage: u32('One of the CONJUGATE codes.'),
});

export const STEP = struct('Step', 'A step of learning.', {
  row: u32('Which row of `outcomes` this batch has.'),
  first_row: u32(
    'The rows of `activities` and `adjoint` whose outer products are the gradient of what connects free layers.',
  ),
  end_row: u32(),
  input: u32('The first vec4 of the input layer, and how many units it has.'),
  inputs: u32(),
  output: u32('The first vec4 of the output layer, and how many units it has.'),
  classes: u32(),
  second: u32('The vec4s of `moments` from a first moment to the second.'),
  rate: f32(),
  seen_first: f32(
    'How much of a running mean has been seen, 1 − βᵗ: of Adam’s first moment, and of the other one.',
  ),
  seen: f32(),
});

export const PARAMETER = struct('Parameter', 'A connection’s weights, or a layer’s biases.', {
  source: u32('Where the vec4s of its ends begin, and how many there are; biases have no source.'),
  source_vec4_count: u32(),
  start: u32(),
  vec4_count: u32(),
  source_learns: u32('0 where the source is the input.'),
  forward: u32('Its first matrix in each direction.'),
  backward: u32(),
  moments: u32('Its first vec4 in `moments`.'),
  largest: f32('The largest weight that Madam allows.'),
});

export const CONJUGATE_STAGE = codes('CONJUGATE_', '`ConjugateSample.stage`', [
  'new',
  'runs',
  'done',
  'no-minimum',
]);
