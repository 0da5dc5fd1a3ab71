// Closes state t of each sample, and lets a solver that looks back have its say. One workgroup a sample (y).

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  finish(block.y, thread.x);
}
