// One pass of an iteration: the drive of every free unit of some layers, and in the same breath the move,
// the new activity, and what the pass finds out about residual and energy. `block.y` is the sample.

@group(1) @binding(2) var<storage, read_write> terms: array<Terms>;

@compute @workgroup_size(LANES, GROUPS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let sample = block.y;
  let layer = layer_of(block.x);
  let group = (block.x - layer.first_block) * GROUPS + thread.y;
  let running = samples[sample].stop == 0u && group < layer.groups;

  // Before `close` the sample's iteration is t, after it t + 1; either way state t + 1 is written.
  let t_next = samples[sample].iteration + 1u - pass_.neighbours_new;
  let next = t_next & 1u;
  let old = 1u - next;
  var share = vec4f();
  if (running) {
    let source = select(old, next, pass_.neighbours_new == 1u);
    share = product(layer, group, row(source, sample), thread.x);
  }
  let from_free = sum_lanes(share, thread.y, thread.x);
  if (running && thread.x == 0u) {
    let local = layer.start + group;
    advance(layer, sample * run.width + local, row(old, sample) + local, row(next, sample) + local, t_next, from_free);
  }
}

fn advance(layer: Layer, at: u32, old_at: u32, next_at: u32, t_next: u32, from_free: vec4f) {
  let input = inputs[at];
  let drive = input.drive + from_free;
  let s = states[old_at];
  let before = states[next_at];
  let damping = select(run.damping, run.first_damping, t_next == 1u);
  let goal = target_of(layer.activation, layer.parameter, s, drive);
  let towards = select(damping * s + (1.0 - damping) * goal, before, pass_.hold == 1u);
  let moved = select(s, towards, input.free > vec4f());
  let tells_new = pass_.neighbours_new == 1u;

  let about = select(s, moved, tells_new);
  let f = map(layer.activation, layer.parameter, about, drive);
  let miss = input.free * (f - about);
  let step = input.free * select(s - before, moved - s, tells_new);
  let cycle = input.free * (moved - before);
  terms[at] = Terms(
    dot(miss, miss),
    dot(input.free * f, f),
    dot(step, step),
    dot(cycle, cycle),
    pass_.bond_share * dot(activity[old_at], from_free),
  );

  states[next_at] = moved;
  if (layer.activation != SOFTMAX) {
    activity[next_at] = input.free * rho(layer.activation, layer.parameter, moved);
  }
}
