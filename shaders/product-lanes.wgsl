// LANES threads share the product of one group of four units, and a workgroup takes GROUPS groups. With LANES = 1 there
// is nothing to add up between threads, and the barrier falls away: software adapters pay dearly for barriers. With
// TILE > 1 a matrix that has been read serves several samples: that is for batches, and goes with LANES = 1.

override LANES: u32 = 1u;
override GROUPS: u32 = 16u;
override SIZE_X: u32 = LANES;
override SIZE_Y: u32 = GROUPS;

var<workgroup> shares: array<vec4f, LANES * GROUPS>;

// A thread's group of units among those of its workgroup.
fn group_of(thread: vec2u) -> u32 {
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

// The drive of group `group` of a layer, for the threads that hold it. Every thread of the workgroup must come here.
fn drive_of(layer: Layer, group: u32, rows: Rows, thread: vec2u) -> array<vec4f, TILE> {
  var sums: array<vec4f, TILE>;
  if (rows.count > 0u && group < layer.groups) {
    sums = product(layer, group, rows, thread.x, LANES);
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
