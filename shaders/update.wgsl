// One pass of an iteration: the drive of every free unit of some layers, and with it the move, the new activity, and
// what the pass measures of residual and energy. `block.y` is the tile of samples.
//
// Uses
//   advance.wgsl: advance
//   dispatched.wgsl or persistent.wgsl: activity_row
//   interface.wgsl or persistent.wgsl: pass_
//   interface.wgsl: NOBODY, run, samples
//   prelude.wgsl: runs
//   product-lanes.wgsl or product-tiles.wgsl: SIZE_X, SIZE_Y, VEC4S, drive_of, holds, place_of, vec4_of
//   product.wgsl: Rows, layer_of

// The sample at a place of the list, or NOBODY.
fn sample_at(place: u32) -> u32 {
  if (place >= run.batch) {
    return NOBODY;
  }
  let sample = select(place, samples[place].running, run.lists == 1u);
  if (sample == NOBODY || !runs(sample)) {
    return NOBODY;
  }
  return sample;
}

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let vec4_index = (block.x - layer.first_block) * VEC4S + vec4_of(thread.xy);

  var tile: array<u32, TILE>;
  var t_next: array<u32, TILE>;
  var rows: Rows;
  for (var k = 0u; k < TILE; k += 1u) {
    tile[k] = sample_at(place_of(block.y, thread.xy, k));
    if (tile[k] != NOBODY) {
      rows.count += 1u;
      // Before the check the sample's iteration is t, after it t + 1; either way state t + 1 is written.
      t_next[k] = samples[tile[k]].iteration + 1u - pass_.after_check;
      rows.old[k] = activity_row(1u - (t_next[k] & 1u), tile[k]);
      rows.next[k] = activity_row(t_next[k] & 1u, tile[k]);
    }
  }
  let free_drive = drive_of(layer, vec4_index, rows, thread.xy);
  if (vec4_index < layer.vec4_count && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      if (tile[k] != NOBODY) {
        advance(layer, tile[k], layer.start + vec4_index, t_next[k], free_drive[k]);
      }
    }
  }
}
