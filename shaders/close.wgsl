// Where the solver does not look back, finishing a state is closing it.

// ‖y_t − y_{t−1}‖ and ‖y_t‖ of four units: y_t is the state.
fn output_step(sample: u32, local: u32, t: u32, s: vec4f) -> vec2f {
  let free = inputs[sample * run.width + local].free;
  return vec2f(terms[row(t & 1u, sample) + local].step, norm(free * s));
}

fn finish(sample: u32, thread: u32) {
  close_state(sample, thread);
}
