// The rows of all samples of a tile, for products that leave none out.
//
// Uses
//   interface.wgsl: run
//   product-lanes.wgsl or product-tiles.wgsl: place_of
//   product.wgsl: Rows

// In one slot, or block, of `activity`.
fn every_row(tile: u32, thread: vec2u, slot: u32) -> Rows {
  var rows: Rows;
  for (var k = 0u; k < TILE; k += 1u) {
    let sample = place_of(tile, thread, k);
    if (sample < run.batch) {
      rows.count += 1u;
      rows.old[k] = (slot * run.batch + sample) * run.width;
    }
  }
  return rows;
}
