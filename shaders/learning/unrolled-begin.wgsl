// Before further steps are unrolled: the states that a batch has come to, what neighbours read of them in the first step, and the
// loss's gradient there, which is later sent back through the steps. Block 0 is the input's.
//
// Uses
//   activation.wgsl: rho, slope
//   interface.wgsl: Unrolled, activities, run, samples, states, unit_constants, unit_kinds, unrolled, unrolled_moves
//   output-gradient.wgsl: output_gradient
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
  unrolled[at] = Unrolled(s, free * output_gradient(i, sample, s));
  let first = row(1u, sample) + i;
  activities[first] = free * rho(kind.activation, kind.parameter, s);
  unrolled_moves[first].slope = slope(kind.activation, kind.parameter, s);
}
