// A workgroup takes VEC4S vec4s of units in LANES · TILE samples. Weights and activities come into workgroup
// memory, DEPTH vec4s of sources at a time, and serve the whole tile; each thread keeps the sums of one vec4 in TILE
// samples. For batches that fill such tiles.
//
// Uses
//   interface.wgsl or persistent.wgsl: activity
//   interface.wgsl: Edge, Layer, edges, weights
//   product.wgsl: Rows
//   weights-float16.wgsl or weights-float32.wgsl: column_of

override LANES: u32 = 8u;
override VEC4S: u32 = 8u;
override SAMPLES: u32 = LANES * TILE;
override SIZE_X: u32 = VEC4S;
override SIZE_Y: u32 = LANES;

const DEPTH = 4u;

// Of each sample of the tile, where its old and its new state begin.
var<workgroup> tile_rows: array<vec2u, SAMPLES>;
// [source unit][vec4]: the weights from one source unit to four units.
var<workgroup> columns: array<vec4f, 4u * DEPTH * VEC4S>;
// [source vec4][sample].
var<workgroup> sources: array<vec4f, DEPTH * SAMPLES>;
// How many samples a thread of this tile serves at most.
var<workgroup> most: u32;

// A thread's vec4 of units among those of its workgroup.
fn vec4_of(thread: vec2u) -> u32 {
  return thread.x;
}

// The place in the list of samples of the k-th that a thread serves.
fn place_of(tile: u32, thread: vec2u, k: u32) -> u32 {
  return tile * SAMPLES + sample_of(thread, k);
}

fn sample_of(thread: vec2u, k: u32) -> u32 {
  return thread.y + k * LANES;
}

// Whether a thread holds the drive in the end.
fn holds(thread: vec2u) -> bool {
  return true;
}

// The drive of one vec4 of a layer. Every thread of the workgroup must come here.
fn drive_of(layer: Layer, vec4_index: u32, rows: Rows, thread: vec2u) -> array<vec4f, TILE> {
  let index = thread.y * VEC4S + thread.x;
  if (thread.x == 0u) {
    for (var k = 0u; k < TILE; k += 1u) {
      tile_rows[sample_of(thread, k)] = vec2u(rows.old[k], rows.next[k]);
    }
  }
  // Running samples come first in the list, so no thread has more of them than the first.
  if (index == 0u) {
    most = rows.count;
  }
  var sums: array<vec4f, TILE>;
  let count = workgroupUniformLoad(&most);
  if (count == 0u) {
    return sums;
  }
  for (var e = layer.first_edge; e < layer.first_edge + layer.edges; e += 1u) {
    let edge = edges[e];
    for (var first = 0u; first < edge.source_vec4_count; first += DEPTH) {
      fetch_columns(layer, edge, vec4_index - thread.x, first, index);
      fetch_sources(edge, count * LANES, first, index);
      workgroupBarrier();
      for (var i = 0u; i < DEPTH; i += 1u) {
        let at = 4u * i * VEC4S + thread.x;
        let matrix = mat4x4f(
          columns[at],
          columns[at + VEC4S],
          columns[at + 2u * VEC4S],
          columns[at + 3u * VEC4S],
        );
        for (var k = 0u; k < TILE; k += 1u) {
          if (k < count) {
            sums[k] += matrix * sources[i * SAMPLES + sample_of(thread, k)];
          }
        }
      }
      workgroupBarrier();
    }
  }
  return sums;
}

// Zeros stand where a tile reaches past the layer or its source. Neighbouring threads read neighbouring columns.
fn fetch_columns(layer: Layer, edge: Edge, first_vec4: u32, first_source: u32, index: u32) {
  for (var j = index; j < 4u * DEPTH * VEC4S; j += VEC4S * LANES) {
    let column = j % (4u * DEPTH);
    let place = j / (4u * DEPTH);
    let vec4_index = first_vec4 + place;
    let source = first_source + column / 4u;
    var read = vec4f();
    if (vec4_index < layer.vec4_count && source < edge.source_vec4_count) {
      read = column_of(weights[edge.weights + vec4_index * edge.source_vec4_count + source][column % 4u]);
    }
    columns[column * VEC4S + place] = read;
  }
}

fn fetch_sources(edge: Edge, used: u32, first_source: u32, index: u32) {
  for (var j = index; j < DEPTH * used; j += VEC4S * LANES) {
    let source = first_source + j % DEPTH;
    let sample = j / DEPTH;
    let rows = tile_rows[sample];
    var read = vec4f();
    if (source < edge.source_vec4_count) {
      read = activity[select(rows.x, rows.y, edge.reads_next == 1u) + edge.source + source];
    }
    sources[(j % DEPTH) * SAMPLES + sample] = read;
  }
}
