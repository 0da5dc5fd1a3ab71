// Before further steps are unrolled: the states that a batch has come to, what neighbours read of them in the first step, and the
// gradient of the loss ½ Σ (s − y)² / batch there, which is later sent back through the steps. Block 0 is the input's.
//
// Uses
//   activation.wgsl: rho, slope
//   interface.wgsl: Unrolled, activities, outcomes, run, samples, states, step_, unit_constants, unit_kinds, unrolled, unrolled_moves
//   prelude.wgsl: row

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = block.x * 64u + thread;
  let sample = block.y;
  if (i >= run.width) {
    return;
  }
  let kind = unit_kinds[i];
  let at = sample * run.width + i;
  let s = states[row(samples[sample].iteration & 1u, sample) + i];
  let free = unit_constants[at].free;
  var g = vec4f();
  if (i >= step_.output && i < step_.output + (step_.classes + 3u) / 4u) {
    let unit = (i - step_.output) * 4u + vec4u(0u, 1u, 2u, 3u);
    let label = vec4u(outcomes[step_.row * run.batch + sample].label);
    let y = select(vec4f(), vec4f(1.0), unit == label);
    g = free * (s - y) / f32(run.batch);
  }
  unrolled[at] = Unrolled(s, g);
  let first = row(1u, sample) + i;
  activities[first] = free * rho(kind.activation, kind.parameter, s);
  unrolled_moves[first].slope = slope(kind.activation, kind.parameter, s);
}
