// Once a query: the drive from clamped units, which stays the same for the whole run, joins the bias.
// Slot 0 of `activity` holds ρ of the clamped units while this runs.

@compute @workgroup_size(LANES, GROUPS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let group = (block.x - layer.first_block) * GROUPS + thread.y;
  let inside = group < layer.groups;
  let first = block.y * TILE;
  var rows: Rows;
  for (var k = 0u; k < TILE; k += 1u) {
    rows.old[k] = activity_row(0u, min(first + k, run.batch - 1u));
  }
  var share: array<vec4f, TILE>;
  if (inside) {
    share = product(layer, group, rows, thread.x, LANES);
  }
  let drives = sum_lanes(share, thread.y, thread.x);
  if (inside && thread.x == 0u) {
    for (var k = 0u; k < min(TILE, run.batch - first); k += 1u) {
      inputs[(first + k) * run.width + layer.start + group].drive += drives[k];
    }
  }
}
