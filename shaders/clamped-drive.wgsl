// Once a query: the drive from clamped units, which stays the same for the whole run, joins the bias.
// Slot 1 of `activity` holds ρ of the clamped units while this runs.
//
// Uses
//   interface.wgsl: run, unit_constants
//   product-lanes.wgsl or product-tiles.wgsl: SIZE_X, SIZE_Y, VEC4S, drive_of, holds, place_of, vec4_of
//   product-rows.wgsl: every_row
//   product.wgsl: layer_of

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let vec4_index = (block.x - layer.first_block) * VEC4S + vec4_of(thread.xy);
  let rows = every_row(block.y, thread.xy, 1u);
  let drives = drive_of(layer, vec4_index, rows, thread.xy);
  if (vec4_index < layer.vec4_count && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      let sample = place_of(block.y, thread.xy, k);
      if (sample < run.batch) {
        unit_constants[sample * run.width + layer.start + vec4_index].constant_drive += drives[k];
      }
    }
  }
}
