// The drive of four units: Σ over connections of activity · weights. A workgroup is GROUPS × LANES threads;
// LANES threads share the work of one group of four units. With LANES = 1 there is nothing to add up
// between threads, and the barrier falls away: software adapters pay dearly for barriers.

override LANES: u32 = 1u;
override GROUPS: u32 = 16u;

@group(1) @binding(0) var<storage, read> edges: array<Edge>;
// For each connection and direction, group by group of units at its end, one matrix a group at its
// source: column i holds the weights from source unit i to the four units.
@group(1) @binding(1) var<storage, read> weights: array<mat4x4f>;

var<workgroup> shares: array<vec4f, LANES * GROUPS>;

// The layer of this pass that a workgroup works on.
fn layer_of(block: u32) -> Layer {
  var l = pass_.first_layer;
  let last = l + pass_.layers - 1u;
  while (l < last && block >= layers[l + 1u].first_block) {
    l += 1u;
  }
  return layers[l];
}

// One lane's share of the product for group `group` of a layer, from the rows of old and new activities.
fn product(layer: Layer, group: u32, old: u32, next: u32, lane: u32) -> vec4f {
  var sum = vec4f();
  for (var e = layer.first_edge; e < layer.first_edge + layer.edges; e += 1u) {
    let edge = edges[e];
    let matrices = edge.weights + group * edge.source_groups;
    let source = select(old, next, edge.fresh == 1u) + edge.source;
    for (var i = lane; i < edge.source_groups; i += LANES) {
      sum += weights[matrices + i] * activity[source + i];
    }
  }
  return sum;
}

// The sum over lanes, for lane 0. Every thread of the workgroup must come here.
fn sum_lanes(share: vec4f, group: u32, lane: u32) -> vec4f {
  if (LANES == 1u) {
    return share;
  }
  shares[group * LANES + lane] = share;
  workgroupBarrier();
  var sum = vec4f();
  if (lane == 0u) {
    for (var i = 0u; i < LANES; i += 1u) {
      sum += shares[group * LANES + i];
    }
  }
  return sum;
}
