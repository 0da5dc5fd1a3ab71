// What every shape of a product needs to know. A product is the drive of four units in TILE samples: Σ over connections
// of activity · weights. The shapes differ in how threads share that work: product-lanes.wgsl, product-tiles.wgsl.
//
// Uses
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: Layer, edges, layers, weights
//   weights-float16.wgsl or weights-float32.wgsl: column_of

fn matrix_at(i: u32) -> mat4x4f {
  return mat4x4f(
    column_of(weights[i][0]),
    column_of(weights[i][1]),
    column_of(weights[i][2]),
    column_of(weights[i][3]),
  );
}

// Where the activities of a thread's samples begin, old and new; and how many of them run, which come first.
struct Rows {
  old: array<u32, TILE>,
  next: array<u32, TILE>,
  count: u32,
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

// The share of one of `lanes` lanes in the product for one vec4 of a layer.
fn product(layer: Layer, vec4_index: u32, rows: Rows, lane: u32, lanes: u32) -> array<vec4f, TILE> {
  var sums: array<vec4f, TILE>;
  for (var e = layer.first_edge; e < layer.first_edge + layer.edges; e += 1u) {
    let edge = edges[e];
    let matrices = edge.weights + vec4_index * edge.source_vec4_count;
    var bases: array<u32, TILE>;
    for (var k = 0u; k < TILE; k += 1u) {
      bases[k] = select(rows.old[k], rows.next[k], edge.reads_next == 1u) + edge.source;
    }
    for (var i = lane; i < edge.source_vec4_count; i += lanes) {
      let matrix = matrix_at(matrices + i);
      for (var k = 0u; k < TILE; k += 1u) {
        sums[k] += matrix * activity[bases[k] + i];
      }
    }
  }
  return sums;
}
