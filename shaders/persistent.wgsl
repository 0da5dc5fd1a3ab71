// A whole request in one dispatch: a workgroup has one sample and goes through the passes of one iteration after the
// other, until the request is done or the sample stops. All that the passes of a sample write is that sample's own, so
// barriers within the workgroup are all the order they need. Activities, which every product reads again and again, stay in
// the workgroup's memory. What a pass does stands elsewhere; here is only how one workgroup gets through it.
//
// Uses
//   advance.wgsl: advance
//   check.wgsl or that of a solver: check_and_accelerate
//   interface.wgsl: PASS_SOFTMAX, PASS_UPDATE, Pass, kept_activity, layers, passes, request, run, samples
//   prelude.wgsl: THREADS, row, runs
//   product.wgsl: Rows, product
//   reduce.wgsl: parts
//   softmax.wgsl: softmax

// Threads that share one vec4 of units.
const MOST_LANES = 32u;

// vec4s of free units that there is room for.
override ROOM: u32 = 256u;

// ρ of the free units and 0 of all others, of this workgroup's sample: [2][ROOM].
var<workgroup> activity: array<vec4f, 2 * ROOM>;
// The pass under way.
var<private> pass_: Pass;

fn activity_row(slot: u32, sample: u32) -> u32 {
  return slot * ROOM;
}

// Samples share no tiles here, so nobody needs to know which of them run.
fn note_checked(thread: u32) {}

// As many lanes as keep all threads busy with the vec4s of one layer: a power of two.
fn lanes_for(vec4_count: u32) -> u32 {
  return min(1u << firstLeadingBit(max(THREADS / vec4_count, 1u)), MOST_LANES);
}

fn update(own: Pass, sample: u32, thread: u32) {
  // Before the check the sample's iteration is t, after it t + 1; either way state t + 1 is written.
  let t_next = samples[sample].iteration + 1u - own.after_check;
  var rows: Rows;
  rows.old[0] = activity_row(1u - (t_next & 1u), sample);
  rows.next[0] = activity_row(t_next & 1u, sample);
  for (var l = own.first_layer; l < own.first_layer + own.layers; l += 1u) {
    let layer = layers[l];
    let lanes = lanes_for(layer.vec4_count);
    let lane = thread % lanes;
    for (var first = 0u; first < layer.vec4_count; first += THREADS / lanes) {
      let vec4_index = first + thread / lanes;
      let works = vec4_index < layer.vec4_count;
      var drive: array<vec4f, TILE>;
      if (works) {
        drive = product(layer, vec4_index, rows, lane, lanes);
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
        advance(layer, sample, layer.start + vec4_index, t_next, drive[0]);
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
  let vec4s = min(run.width, ROOM);
  for (var i = thread; i < 2u * vec4s; i += THREADS) {
    activity[i / vec4s * ROOM + i % vec4s] = kept_activity[row(i / vec4s, sample) + i % vec4s];
  }
  workgroupBarrier();

  var at = request.first_pass;
  for (var left = request.iterations; left > 0u;) {
    let own = passes[at].own;
    pass_ = own;
    switch own.kind {
      case PASS_UPDATE: {
        update(own, sample, thread);
      }
      case PASS_SOFTMAX: {
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
    left -= own.ends;
    at = own.next;
  }
  for (var i = thread; i < 2u * vec4s; i += THREADS) {
    kept_activity[row(i / vec4s, sample) + i % vec4s] = activity[i / vec4s * ROOM + i % vec4s];
  }
}
