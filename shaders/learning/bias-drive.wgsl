// Before the drive from clamped units: the biases, which change from batch to batch while a network learns.
//
// Uses
//   interface.wgsl: biases, run, unit_constants

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = block.x * 64u + thread;
  if (i < run.width) {
    unit_constants[block.y * run.width + i].constant_drive = biases[i];
  }
}
