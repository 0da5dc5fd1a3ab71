// Once a query: the drive from clamped units, which stays the same for the whole run, joins the bias.
// Slot 0 of `activity` holds ρ of the clamped units while this runs.

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let group = (block.x - layer.first_block) * GROUPS + group_of(thread.xy);
  var rows: Rows;
  for (var k = 0u; k < TILE; k += 1u) {
    let sample = place_of(block.y, thread.xy, k);
    if (sample < run.batch) {
      rows.count += 1u;
      rows.old[k] = activity_row(0u, sample);
    }
  }
  let drives = drive_of(layer, group, rows, thread.xy);
  if (group < layer.groups && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      let sample = place_of(block.y, thread.xy, k);
      if (sample < run.batch) {
        unit_constants[sample * run.width + layer.start + group].drive += drives[k];
      }
    }
  }
}
