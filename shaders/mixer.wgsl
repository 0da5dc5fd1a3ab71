// What the solvers share that look back (`src/solve/mixer.ts`): one workgroup a sample, whose thread i takes the
// groups i, i + THREADS, … of the layers that are mixed. Every thread comes to every barrier; for a sample that
// has stopped there are simply no groups.

override THREADS: u32 = 64u;

// Numbers that a sample keeps from one iteration to the next.
const MEMO = 80u;

@group(1) @binding(0) var<storage, read_write> terms: array<Terms>;
// Vectors kept from one iteration to the next, [slots][batch][width]. Slots 0 and 1 hold the map's outputs of
// states of even and odd number.
@group(1) @binding(1) var<storage, read_write> history: array<vec4f>;
@group(1) @binding(2) var<storage, read_write> memo: array<f32>;

const FIRST_SLOT = 2u;

var<workgroup> parts: array<vec4f, THREADS>;

// The sum over all threads, for every thread.
fn total(value: vec4f, thread: u32) -> vec4f {
  parts[thread] = value;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      parts[thread] += parts[thread + half];
    }
  }
  return workgroupUniformLoad(&parts[0]);
}

// Where the i-th group of the mixed layers is: its layer in the table, and its place in the sample's row.
struct Place {
  layer: u32,
  local: u32,
}

fn place(i: u32) -> Place {
  var l = pass_.first_layer;
  var rest = i;
  while (rest >= layers[l].groups) {
    rest -= layers[l].groups;
    l += 1u;
  }
  return Place(l, layers[l].start + rest);
}

// Groups to go through, none for a sample that has stopped.
fn mixed_groups(sample: u32) -> u32 {
  var count = 0u;
  if (samples[sample].stop == 0u) {
    for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers; l += 1u) {
      count += layers[l].groups;
    }
  }
  return count;
}

fn kept(slot: u32, sample: u32) -> u32 {
  return (slot * run.batch + sample) * run.width;
}

// One evaluation of four units: x, y = F(x), and the residual y − x of those that are free.
struct Four {
  x: vec4f,
  y: vec4f,
  r: vec4f,
}

// Reads an evaluation, and keeps y as the map's output: `settle` will write over it.
fn take(sample: u32, local: u32, next: u32) -> Four {
  let x = states[row(1u - next, sample) + local];
  let y = states[row(next, sample) + local];
  history[kept(next, sample) + local] = y;
  return Four(x, y, inputs[sample * run.width + local].free * (y - x));
}

// Moves four units to `goal`, with their activity and, where the pass corrects it, what was told about them.
fn settle(sample: u32, at: Place, next: u32, goal: vec4f) {
  let layer = layers[at.layer];
  let index = sample * run.width + at.local;
  let free = inputs[index].free;
  let x = states[row(1u - next, sample) + at.local];
  let y = history[kept(next, sample) + at.local];
  let moved = select(y, goal, free > vec4f());
  states[row(next, sample) + at.local] = moved;
  if (layer.activation != SOFTMAX) {
    activity[row(next, sample) + at.local] = free * rho(layer.activation, layer.parameter, moved);
  }
  if (pass_.corrects == 1u) {
    // y = d·x + (1 − d)·f, and a HAM's f does not depend on the state that is mixed.
    let f = (y - run.damping * x) / (1.0 - run.damping);
    let miss = free * (f - moved);
    let step = free * (moved - x);
    terms[index].map = dot(miss, miss);
    terms[index].step = dot(step, step);
    terms[index].cycle = 0.0;
  }
}
