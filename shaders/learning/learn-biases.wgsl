// A step of a layer's biases: a thread has four, adds up v over the batch, and lets the optimiser move them.
//
// Uses
//   adam.wgsl or madam.wgsl or sgd.wgsl: follow
//   interface.wgsl: adjoint, biases, parameter_, run

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let i = thread.x;
  if (i >= parameter_.vec4_count) {
    return;
  }
  let at = parameter_.start + i;
  var gradient = vec4f();
  for (var sample = 0u; sample < run.batch; sample += 1u) {
    gradient += adjoint[sample * run.width + at];
  }
  biases[at] = follow(biases[at], gradient, parameter_.moments + i);
}
