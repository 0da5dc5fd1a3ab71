// Closes state t of each sample, where the solver does not look back. One workgroup a sample; see closing.wgsl.

// Σ (y_t − y_{t−1})² and Σ y_t² of four units: y_t is the state.
fn output_step(sample: u32, local: u32, t: u32, s: vec4f) -> vec2f {
  let free = inputs[sample * run.width + local].free;
  return vec2f(terms[row(t & 1u, sample) + local].step, dot(free * s, s));
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  close_state(block.y, thread.x);
}
