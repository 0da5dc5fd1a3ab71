// One step of some layers, gone back through: ∂loss/∂s of the state that their neighbours have read in the step of one block, and what of
// it came to their drive in the step of the other, where they had moved there. `activity` is `adjoint` here, whose block 0 takes the
// sum of what came to each drive, since input and bias are a part of all.
//
// Uses
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: run, unrolled, unrolled_moves
//   prelude.wgsl: row
//   product-lanes.wgsl or product-tiles.wgsl: SIZE_X, SIZE_Y, VEC4S, drive_of, holds, place_of, vec4_of
//   product-rows.wgsl: every_row
//   product.wgsl: layer_of

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let vec4_index = (block.x - layer.first_block) * VEC4S + vec4_of(thread.xy);
  let rows = every_row(block.y, thread.xy, pass_.reads);
  let came = drive_of(layer, vec4_index, rows, thread.xy);
  if (vec4_index < layer.vec4_count && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      let sample = place_of(block.y, thread.xy, k);
      if (sample < run.batch) {
        let local = layer.start + vec4_index;
        let at = row(0u, sample) + local;
        let g = unrolled[at].gradient + unrolled_moves[row(pass_.reads, sample) + local].slope * came[k];
        let before = row(pass_.writes, sample) + local;
        let own = unrolled_moves[before];
        let to_drive = own.by_drive * g;
        unrolled[at].gradient = own.by_self * g;
        activity[before] = to_drive;
        activity[at] += to_drive;
      }
    }
  }
}
