// From the states that a batch has come to: activities h, slopes D, and the loss's gradient g as it reaches the drives of the
// output layer. For the adjoint, a CHN is a HAM in its drive: see `src/train/implicit.ts`.
//
// Uses
//   activation.wgsl: bend_over_slope, rho, slope
//   interface.wgsl: Adjoint, activities, adjoint, adjoint_terms, run, samples, states, unit_constants, unit_kinds
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
  // Those of the input stand there already.
  activities[at] += free * rho(kind.activation, kind.parameter, s);
  let rise = slope(kind.activation, kind.parameter, s);
  var d = rise;
  var to_drive = vec4f(1.0);
  if (run.chn == 1u) {
    // 1 − ρ″C where s = ρ′C.
    let stiffness = 1.0 - bend_over_slope(kind.activation, kind.parameter, s) * s;
    d = select(vec4f(), rise * rise / stiffness, rise > vec4f());
    to_drive = rise / stiffness;
  }
  let g = free * to_drive * output_gradient(i, sample, s);
  adjoint_terms[at] = Adjoint(free * d, g);
  adjoint[at] = g;
}
