// What a batch begins with that is not the same for all: ρ of its pictures, and the biases, which change from batch to batch. The drive from
// the pictures joins them next, in clamped-drive.wgsl. What is sent back is added to nothing yet.
//
// Uses
//   activation.wgsl: rho
//   interface.wgsl or persistent.wgsl: activity
//   interface.wgsl: activities, adjoint, biases, pictures, run, step_, unit_constants, unit_kinds
//   prelude.wgsl: row

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = block.x * 64u + thread;
  let sample = block.y;
  if (i >= run.width) {
    return;
  }
  var h = vec4f();
  let vec4s = (step_.inputs + 3u) / 4u;
  if (i >= step_.input && i < step_.input + vec4s) {
    let kind = unit_kinds[i];
    let rises = rho(kind.activation, kind.parameter, pictures[sample * vec4s + i - step_.input]);
    let unit = (i - step_.input) * 4u + vec4u(0u, 1u, 2u, 3u);
    h = select(vec4f(), rises, unit < vec4u(step_.inputs));
  }
  let at = row(0u, sample) + i;
  activities[at] = h;
  adjoint[at] = vec4f();
  activity[row(1u, sample) + i] = h;
  unit_constants[at].constant_drive = biases[i];
}
