// One pass of an iteration: the drive of every free unit of some layers, and in the same breath the move,
// the new activity, and what the pass finds out about residual and energy. `block.y` is the tile of samples.

@group(1) @binding(2) var<storage, read_write> terms: array<Terms>;

// The sample at a place of the list, or NOBODY.
fn sample_at(place: u32) -> u32 {
  if (place >= run.batch) {
    return NOBODY;
  }
  let sample = select(place, samples[place].listed, run.lists == 1u);
  if (sample == NOBODY || !runs(sample)) {
    return NOBODY;
  }
  return sample;
}

@compute @workgroup_size(LANES, GROUPS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let group = (block.x - layer.first_block) * GROUPS + thread.y;

  var tile: array<u32, TILE>;
  var t_next: array<u32, TILE>;
  var rows: Rows;
  var anybody = false;
  for (var k = 0u; k < TILE; k += 1u) {
    tile[k] = sample_at(block.y * TILE + k);
    if (tile[k] != NOBODY) {
      anybody = true;
      // Before `close` the sample's iteration is t, after it t + 1; either way state t + 1 is written.
      t_next[k] = samples[tile[k]].iteration + 1u - pass_.after_close;
      rows.old[k] = row(1u - (t_next[k] & 1u), tile[k]);
      rows.next[k] = row(t_next[k] & 1u, tile[k]);
    }
  }
  let works = anybody && group < layer.groups;
  var share: array<vec4f, TILE>;
  if (works) {
    share = product(layer, group, rows, thread.x);
  }
  let from_free = sum_lanes(share, thread.y, thread.x);
  if (works && thread.x == 0u) {
    for (var k = 0u; k < TILE; k += 1u) {
      if (tile[k] != NOBODY) {
        advance(layer, tile[k], layer.start + group, t_next[k], from_free[k]);
      }
    }
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
    let told = row(select(t_next + 1u, t_next, tells_new) & 1u, sample) + local;
    terms[told] = Terms(
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
