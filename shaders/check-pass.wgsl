// Checks state t of each sample, and lets a solver that looks back have its say. One workgroup a sample (y).
//
// Uses
//   check.wgsl or that of a solver: check_and_accelerate
//   prelude.wgsl: THREADS

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  check_and_accelerate(block.y, thread.x);
}
