// From the states that a batch has come to: activities h, slopes D, and the gradient g of the loss ½ Σ (s − y)² / batch that
// reaches the drives of the output layer. For the adjoint, a CHN is a HAM in its drive: see `src/train/implicit.ts`.
//
// Uses
//   activation.wgsl: bend_over_slope, rho, slope
//   interface.wgsl: Adjoint, activities, adjoint, adjoint_terms, outcomes, run, samples, states, step_, unit_constants, unit_kinds
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
  var g = vec4f();
  if (i >= step_.output && i < step_.output + (step_.classes + 3u) / 4u) {
    let unit = (i - step_.output) * 4u + vec4u(0u, 1u, 2u, 3u);
    let label = vec4u(outcomes[step_.row * run.batch + sample].label);
    let y = select(vec4f(), vec4f(1.0), unit == label);
    g = free * to_drive * (s - y) / f32(run.batch);
  }
  adjoint_terms[at] = Adjoint(free * d, g);
  adjoint[at] = g;
}
