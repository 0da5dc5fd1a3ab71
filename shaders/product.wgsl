// The drive of four units in TILE samples: Σ over connections of activity · weights. A workgroup is GROUPS × LANES
// threads; LANES threads share the work of one group of four units. With LANES = 1 there is nothing to add up
// between threads, and the barrier falls away: software adapters pay dearly for barriers. With TILE > 1 a matrix
// that has been read serves several samples: that is for batches, and goes with LANES = 1.

override LANES: u32 = 1u;
override GROUPS: u32 = 16u;

// For each connection and direction, group by group of units at its end, one matrix a group at its
// source: column i holds the weights from source unit i to the four units.
@group(1) @binding(1) var<storage, read> weights: array<mat4x4f>;

var<workgroup> shares: array<vec4f, LANES * GROUPS>;

// The activities of a tile's samples, in their old and their new state.
struct Rows {
  old: array<u32, TILE>,
  next: array<u32, TILE>,
}

// The layer of this pass that a workgroup works on.
fn layer_of(block: u32) -> Layer {
  var l = pass_.first_layer;
  let last = l + pass_.layers - 1u;
  while (l < last && block >= layers[l + 1u].first_block) {
    l += 1u;
  }
  return layers[l];
}

// The share of one of `lanes` lanes in the product for group `group` of a layer.
fn product(layer: Layer, group: u32, rows: Rows, lane: u32, lanes: u32) -> array<vec4f, TILE> {
  var sums: array<vec4f, TILE>;
  for (var e = layer.first_edge; e < layer.first_edge + layer.edges; e += 1u) {
    let edge = edges[e];
    let matrices = edge.weights + group * edge.source_groups;
    var bases: array<u32, TILE>;
    for (var k = 0u; k < TILE; k += 1u) {
      bases[k] = select(rows.old[k], rows.next[k], edge.fresh == 1u) + edge.source;
    }
    for (var i = lane; i < edge.source_groups; i += lanes) {
      let matrix = weights[matrices + i];
      for (var k = 0u; k < TILE; k += 1u) {
        sums[k] += matrix * activity[bases[k] + i];
      }
    }
  }
  return sums;
}

// The sum over lanes, for lane 0. Every thread of the workgroup must come here.
fn sum_lanes(share: array<vec4f, TILE>, group: u32, lane: u32) -> array<vec4f, TILE> {
  if (LANES == 1u) {
    return share;
  }
  shares[group * LANES + lane] = share[0];
  workgroupBarrier();
  var sum: array<vec4f, TILE>;
  if (lane == 0u) {
    for (var i = 0u; i < LANES; i += 1u) {
      sum[0] += shares[group * LANES + i];
    }
  }
  return sum;
}
