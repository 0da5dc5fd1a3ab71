// Closes state t of each sample, where the solver does not look back. One workgroup a sample; see closing.wgsl.

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  close_state(block.y, thread.x);
}
