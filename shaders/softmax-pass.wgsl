// The softmax layers of a pass: one workgroup a layer (x) and sample (y).
//
// Uses
//   interface.wgsl or persistent.wgsl: pass_
//   interface.wgsl: layers
//   prelude.wgsl: THREADS
//   softmax.wgsl: softmax

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  softmax(layers[pass_.first_layer + block.x], block.y, thread.x);
}
