// Once a query: the drive from clamped units, which stays the same for the whole run, joins the bias.
// Slot 0 of `activity` holds ρ of the clamped units while this runs.

@compute @workgroup_size(LANES, GROUPS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let group = (block.x - layer.first_block) * GROUPS + thread.y;
  let inside = group < layer.groups;
  var share = vec4f();
  if (inside) {
    share = product(layer, group, row(0u, block.y), row(0u, block.y), thread.x);
  }
  let drive = sum_lanes(share, thread.y, thread.x);
  if (inside && thread.x == 0u) {
    let at = block.y * run.width + layer.start + group;
    inputs[at].drive += drive;
  }
}
