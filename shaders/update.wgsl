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
  let t_next = samples[sample].iteration + 1u - pass_.after_close;
  let next = t_next & 1u;
  let old = 1u - next;
  var share = vec4f();
  if (running) {
    share = product(layer, group, row(old, sample), row(next, sample), thread.x);
  }
  let from_free = sum_lanes(share, thread.y, thread.x);
  if (running && thread.x == 0u) {
    advance(layer, sample, layer.start + group, t_next, from_free);
  }
}

fn advance(layer: Layer, sample: u32, local: u32, t_next: u32, from_free: vec4f) {
  let at = sample * run.width + local;
  let next_at = row(t_next & 1u, sample) + local;
  let old_at = row(1u - (t_next & 1u), sample) + local;
  let input = inputs[at];
  let drive = input.drive + from_free;
  let s = states[old_at];
  let before = states[next_at];
  var damping = select(run.damping, run.first_damping, t_next == 1u);
  if (run.fits_omega == 1u) {
    damping = 1.0 - samples[sample].omega;
  }
  let goal = target_of(layer.activation, layer.parameter, s, drive);
  let towards = select(damping * s + (1.0 - damping) * goal, before, pass_.hold == 1u);
  let moved = select(s, towards, input.free > vec4f());

  if (pass_.tells != TELLS_NOTHING) {
    let tells_new = pass_.tells == TELLS_NEW;
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
      from_free,
    );
  }

  states[next_at] = moved;
  if (layer.activation != SOFTMAX) {
    activity[next_at] = input.free * rho(layer.activation, layer.parameter, moved);
  }
}
