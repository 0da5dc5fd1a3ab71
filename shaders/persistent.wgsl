// A whole request in one dispatch: a workgroup has one sample and goes through the passes of one iteration after the
// other, until the request is done or the sample stops. All that the passes of a sample write is that sample's own, so
// barriers within the workgroup are all the order they need. Activities, which every product reads again and again, stay in
// the workgroup's memory. What a pass does stands elsewhere; here is only how one workgroup gets through it.

const MOST_STEPS = 64u;
const MOST_PASSES = 64u;
const MOST_LAYERS = 256u;
const MOST_EDGES = 512u;
// Threads that share one group of units.
const MOST_LANES = 32u;

// Groups of free units that there is room for.
override ROOM: u32 = 256u;

const STEP_UPDATE = 0u;
const STEP_SOFTMAX = 1u;
const STEP_CHECK = 2u;

struct Step {
  kind: u32,
  // Its place among the passes.
  own: u32,
  // The step that comes after it, and 1 where it is the last of an iteration.
  next: u32,
  ends: u32,
}

struct Request {
  first_step: u32,
  iterations: u32,
}

// As dispatches bind them, 256 bytes apart.
struct PassSlot {
  @size(256) own: Pass,
}

@group(0) @binding(1) var<uniform> passes: array<PassSlot, MOST_PASSES>;
@group(0) @binding(2) var<uniform> layers: array<Layer, MOST_LAYERS>;
// The activities from one request to the next: [2][batch][width].
@group(0) @binding(4) var<storage, read_write> kept_activity: array<vec4f>;
@group(1) @binding(0) var<uniform> edges: array<Edge, MOST_EDGES>;
@group(1) @binding(5) var<uniform> program: array<Step, MOST_STEPS>;
@group(1) @binding(6) var<uniform> request: Request;

// ρ of the free units and 0 of all others, of this workgroup's sample: [2][ROOM].
var<workgroup> activity: array<vec4f, 2 * ROOM>;
// The pass under way.
var<private> pass_: Pass;

fn activity_row(slot: u32, sample: u32) -> u32 {
  return slot * ROOM;
}

// Samples share no tiles here, so nobody needs to know which of them run.
fn note_checked(thread: u32) {}

// As many lanes as keep all threads busy with the groups of one layer: a power of two.
fn lanes_for(groups: u32) -> u32 {
  return min(1u << firstLeadingBit(max(THREADS / groups, 1u)), MOST_LANES);
}

fn update(own: Pass, sample: u32, thread: u32) {
  // Before the check the sample's iteration is t, after it t + 1; either way state t + 1 is written.
  let t_next = samples[sample].iteration + 1u - own.after_check;
  var rows: Rows;
  rows.old[0] = activity_row(1u - (t_next & 1u), sample);
  rows.next[0] = activity_row(t_next & 1u, sample);
  for (var l = own.first_layer; l < own.first_layer + own.layers; l += 1u) {
    let layer = layers[l];
    let lanes = lanes_for(layer.groups);
    let lane = thread % lanes;
    for (var first = 0u; first < layer.groups; first += THREADS / lanes) {
      let group = first + thread / lanes;
      let works = group < layer.groups;
      var drive: array<vec4f, TILE>;
      if (works) {
        drive = product(layer, group, rows, lane, lanes);
      }
      if (lanes > 1u) {
        parts[thread] = drive[0];
        workgroupBarrier();
        for (var i = 1u; i < lanes && lane == 0u; i += 1u) {
          drive[0] += parts[thread + i];
        }
        workgroupBarrier();
      }
      if (works && lane == 0u) {
        advance(layer, sample, layer.start + group, t_next, drive[0]);
      }
    }
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread_id: vec3u) {
  let sample = block.y;
  let thread = thread_id.x;
  if (thread == 0u) {
    goes_on = select(0u, 1u, runs(sample));
  }
  if (workgroupUniformLoad(&goes_on) == 0u) {
    return;
  }
  let groups = min(run.width, ROOM);
  for (var i = thread; i < 2u * groups; i += THREADS) {
    activity[i / groups * ROOM + i % groups] = kept_activity[row(i / groups, sample) + i % groups];
  }
  workgroupBarrier();

  var at = request.first_step;
  for (var left = request.iterations; left > 0u;) {
    let step = program[at];
    let own = passes[step.own].own;
    pass_ = own;
    switch step.kind {
      case STEP_UPDATE: {
        update(own, sample, thread);
      }
      case STEP_SOFTMAX: {
        for (var l = own.first_layer; l < own.first_layer + own.layers; l += 1u) {
          softmax(layers[l], sample, thread);
        }
      }
      default: {
        check_and_accelerate(sample, thread);
        if (workgroupUniformLoad(&goes_on) == 0u) {
          return;
        }
      }
    }
    storageBarrier();
    workgroupBarrier();
    left -= step.ends;
    at = step.next;
  }
  for (var i = thread; i < 2u * groups; i += THREADS) {
    kept_activity[row(i / groups, sample) + i % groups] = activity[i / groups * ROOM + i % groups];
  }
}
