// One half of a term of the adjoint's series: v = g + D Ŵv for some layers, from the newest v of the others. `activity` is v
// here, and so the products are those of any update.
//
// Uses
//   interface.wgsl or persistent.wgsl: activity
//   interface.wgsl: adjoint_terms, run
//   product-lanes.wgsl or product-tiles.wgsl: SIZE_X, SIZE_Y, VEC4S, drive_of, holds, place_of, vec4_of
//   product-rows.wgsl: every_row
//   product.wgsl: layer_of

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let vec4_index = (block.x - layer.first_block) * VEC4S + vec4_of(thread.xy);
  let rows = every_row(block.y, thread.xy, 0u);
  let drives = drive_of(layer, vec4_index, rows, thread.xy);
  if (vec4_index < layer.vec4_count && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      let sample = place_of(block.y, thread.xy, k);
      if (sample < run.batch) {
        let at = sample * run.width + layer.start + vec4_index;
        let terms = adjoint_terms[at];
        activity[at] = terms.gradient + terms.slope * drives[k];
      }
    }
  }
}
