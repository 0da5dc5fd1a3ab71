// What the solvers share that look back (`src/solve/solvers/accelerator.ts`): one workgroup a sample, whose thread i takes the
// vec4s i, i + THREADS, … of the layers that are mixed. Every thread comes to every barrier; for a sample that
// has stopped there are simply no vec4s.
//
// Uses
//   activation.wgsl: rho, slope
//   check-convergence.wgsl: check_state, to_scale
//   dispatched.wgsl or persistent.wgsl: activity_row
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: Layer, MEMO, SOFTMAX, history, layers, run, samples, states, terms, unit_constants
//   norm.wgsl: norm
//   prelude.wgsl: row

// The last number of a sample's memo: the scale of those that belong to an inner product.
const SCALE = MEMO - 1u;

fn memo_at(sample: u32) -> u32 {
  return run.slots * run.batch * run.width + sample * (MEMO / 4u);
}

fn recall(sample: u32, number: u32) -> f32 {
  return history[memo_at(sample) + number / 4u][number % 4u];
}

// Only one thread of a sample's workgroup may.
fn remember(sample: u32, number: u32, value: f32) {
  history[memo_at(sample) + number / 4u][number % 4u] = value;
}

// The mixed layers stand side by side: the i-th of their vec4s, and the layer that it belongs to.
fn place(i: u32) -> u32 {
  return layers[pass_.first_layer].start + i;
}

fn layer_at(local: u32) -> Layer {
  var l = pass_.first_layer;
  while (local >= layers[l].start + layers[l].vec4_count) {
    l += 1u;
  }
  return layers[l];
}

// ρ′ of four units.
fn slope_at(local: u32, s: vec4f) -> vec4f {
  let layer = layer_at(local);
  return slope(layer.activation, layer.parameter, s);
}

// ‖y_t − y_{t−1}‖ and ‖y_t‖ of four units: y_t is the output that the solver was given to mix. Before y_{t+1} is kept.
fn output_step(sample: u32, local: u32, t: u32, s: vec4f) -> vec2f {
  let free = unit_constants[sample * run.width + local].free;
  let y = history[kept(t & 1u, sample) + local];
  let step = y - history[kept(1u - (t & 1u), sample) + local];
  return vec2f(norm(free * step), norm(free * y));
}

// Closes state t, and says how many vec4s there are to go through: none for a sample that has stopped.
fn begin(sample: u32, thread: u32) -> u32 {
  var count = 0u;
  if (check_state(sample, thread)) {
    for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers; l += 1u) {
      count += layers[l].vec4_count;
    }
  }
  return count;
}

// The slot of state t + 1, which the mix completes. After `begin`.
fn next_slot(sample: u32) -> u32 {
  return samples[sample].iteration & 1u;
}

fn kept(slot: u32, sample: u32) -> u32 {
  return (slot * run.batch + sample) * run.width;
}

// How far the scale has moved since the last iteration: what was remembered of inner products is to be multiplied by the
// square of it. For every thread, after `begin`.
fn rescaling(sample: u32) -> f32 {
  let before = recall(sample, SCALE);
  return select(to_scale / before, 1.0, before == 0.0);
}

fn remember_scale(sample: u32) {
  remember(sample, SCALE, to_scale);
}

// One evaluation of four units: x, y = F(x), and the residual y − x of those that are free.
struct Four {
  x: vec4f,
  y: vec4f,
  r: vec4f,
}

// Reads an evaluation, and keeps y as the map's output: `move_to` will write over it.
fn read_evaluation(sample: u32, local: u32, next: u32) -> Four {
  let x = states[row(1u - next, sample) + local];
  let y = states[row(next, sample) + local];
  history[kept(next, sample) + local] = y;
  return Four(x, y, unit_constants[sample * run.width + local].free * (y - x));
}

// Moves four units to `goal`, with their activity and, where the pass adjusts it, what was measured of them.
fn move_to(sample: u32, local: u32, next: u32, goal: vec4f) {
  let layer = layer_at(local);
  let index = sample * run.width + local;
  let free = unit_constants[index].free;
  let x = states[row(1u - next, sample) + local];
  let y = history[kept(next, sample) + local];
  let moved = select(y, goal, free > vec4f());
  states[row(next, sample) + local] = moved;
  if (layer.activation != SOFTMAX) {
    activity[activity_row(next, sample) + local] = free * rho(layer.activation, layer.parameter, moved);
  }
  if (pass_.adjusts_residual == 1u) {
    // y = d·x + (1 − d)·f, and a HAM's f does not depend on the state that is mixed.
    let f = (y - run.damping * x) / (1.0 - run.damping);
    let miss = free * (f - moved);
    let measured = row(next, sample) + local;
    terms[measured].map = norm(miss);
    terms[measured].cycle = 0.0;
  }
}
