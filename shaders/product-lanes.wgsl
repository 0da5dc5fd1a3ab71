// LANES threads share the product of one vec4 of units, and a workgroup takes VEC4S of them. With LANES = 1 there
// is nothing to add up between threads, and the barrier falls away: software adapters pay dearly for barriers. With
// TILE > 1 a matrix that has been read serves several samples: that is for batches, and goes with LANES = 1.
//
// Uses
//   interface.wgsl: Layer
//   product.wgsl: Rows, product

override LANES: u32 = 1u;
override VEC4S: u32 = 16u;
override SIZE_X: u32 = LANES;
override SIZE_Y: u32 = VEC4S;

var<workgroup> shares: array<vec4f, LANES * VEC4S>;

// A thread's vec4 of units among those of its workgroup.
fn vec4_of(thread: vec2u) -> u32 {
  return thread.y;
}

// The place in the list of samples of the k-th that a thread serves.
fn place_of(tile: u32, thread: vec2u, k: u32) -> u32 {
  return tile * TILE + k;
}

// Whether a thread holds the drive in the end.
fn holds(thread: vec2u) -> bool {
  return thread.x == 0u;
}

// The drive of one vec4 of a layer, for the threads that hold it. Every thread of the workgroup must come here.
fn drive_of(layer: Layer, vec4_index: u32, rows: Rows, thread: vec2u) -> array<vec4f, TILE> {
  var sums: array<vec4f, TILE>;
  if (rows.count > 0u && vec4_index < layer.vec4_count) {
    sums = product(layer, vec4_index, rows, thread.x, LANES);
  }
  if (LANES == 1u) {
    return sums;
  }
  shares[thread.y * LANES + thread.x] = sums[0];
  workgroupBarrier();
  var sum: array<vec4f, TILE>;
  if (thread.x == 0u) {
    for (var i = 0u; i < LANES; i += 1u) {
      sum[0] += shares[thread.y * LANES + i];
    }
  }
  return sum;
}
