// Before conjugate gradients: the layers that the adjoint is solved on keep D and g, and a half of the adjoint leaves Ŵv alone
// there from now on. `adjoint` is g, so that the first term is b = K g.
//
// Uses
//   interface.wgsl: Adjoint, Conjugate, ConjugateSample, adjoint_samples, adjoint_solve, adjoint_terms, run, unit_kinds

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = block.x * 64u + thread;
  let sample = block.y;
  if (i == 0u) {
    adjoint_samples[sample] = ConjugateSample();
  }
  if (i >= run.width || unit_kinds[i].solved == 0u) {
    return;
  }
  let at = sample * run.width + i;
  let own = adjoint_terms[at];
  adjoint_solve[at] = Conjugate(own.slope, own.gradient, vec4f(), vec4f(), vec4f());
  adjoint_terms[at] = Adjoint(vec4f(1.0), vec4f());
}
