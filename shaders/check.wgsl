// Where the solver does not look back, a state is checked and no more.
//
// Uses
//   check-convergence.wgsl: check_state
//   interface.wgsl: run, terms, unit_constants
//   norm.wgsl: norm
//   prelude.wgsl: row

// ‖y_t − y_{t−1}‖ and ‖y_t‖ of four units: y_t is the state.
fn output_step(sample: u32, local: u32, t: u32, s: vec4f) -> vec2f {
  let free = unit_constants[sample * run.width + local].free;
  return vec2f(terms[row(t & 1u, sample) + local].step, norm(free * s));
}

fn check_and_accelerate(sample: u32, thread: u32) {
  check_state(sample, thread);
}
