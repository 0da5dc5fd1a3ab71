// A workgroup takes GROUPS groups of four units in LANES · TILE samples. Weights and activities come into workgroup
// memory, DEPTH groups of sources at a time, and serve the whole tile; each thread keeps the sums of one group in TILE
// samples. For batches that fill such tiles.

override LANES: u32 = 8u;
override GROUPS: u32 = 8u;
override SAMPLES: u32 = LANES * TILE;
override SIZE_X: u32 = GROUPS;
override SIZE_Y: u32 = LANES;

const DEPTH = 4u;

// Of each sample of the tile, where its old and its new state begin.
var<workgroup> tile_rows: array<vec2u, SAMPLES>;
// [source unit][group]: the weights from one source unit to four units.
var<workgroup> columns: array<vec4f, 4u * DEPTH * GROUPS>;
// [source group][sample].
var<workgroup> sources: array<vec4f, DEPTH * SAMPLES>;
// How many samples a thread of this tile serves at most.
var<workgroup> most: u32;

// A thread's group of units among those of its workgroup.
fn group_of(thread: vec2u) -> u32 {
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

// The drive of group `group` of a layer. Every thread of the workgroup must come here.
fn drive_of(layer: Layer, group: u32, rows: Rows, thread: vec2u) -> array<vec4f, TILE> {
  let index = thread.y * GROUPS + thread.x;
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
    for (var first = 0u; first < edge.source_groups; first += DEPTH) {
      fetch_columns(layer, edge, group - thread.x, first, index);
      fetch_sources(edge, count * LANES, first, index);
      workgroupBarrier();
      for (var i = 0u; i < DEPTH; i += 1u) {
        let at = 4u * i * GROUPS + thread.x;
        let matrix = mat4x4f(
          columns[at],
          columns[at + GROUPS],
          columns[at + 2u * GROUPS],
          columns[at + 3u * GROUPS],
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
fn fetch_columns(layer: Layer, edge: Edge, first_group: u32, first_source: u32, index: u32) {
  for (var j = index; j < 4u * DEPTH * GROUPS; j += GROUPS * LANES) {
    let column = j % (4u * DEPTH);
    let place = j / (4u * DEPTH);
    let group = first_group + place;
    let source = first_source + column / 4u;
    var read = vec4f();
    if (group < layer.groups && source < edge.source_groups) {
      read = column_of(weights[edge.weights + group * edge.source_groups + source][column % 4u]);
    }
    columns[column * GROUPS + place] = read;
  }
}

fn fetch_sources(edge: Edge, used: u32, first_source: u32, index: u32) {
  for (var j = index; j < DEPTH * used; j += GROUPS * LANES) {
    let source = first_source + j % DEPTH;
    let sample = j / DEPTH;
    let rows = tile_rows[sample];
    var read = vec4f();
    if (source < edge.source_groups) {
      read = activity[select(rows.x, rows.y, edge.reads_next == 1u) + edge.source + source];
    }
    sources[(j % DEPTH) * SAMPLES + sample] = read;
  }
}
