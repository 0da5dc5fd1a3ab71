// Anderson mixing, the whole of it: Gram matrix, Lagrange system, mix and safeguard. See `src/solve/solvers/anderson.ts`.
// History: `window` outputs y, then as many residuals r, in a ring. Memo: evaluations kept, the residual that a
// mixed point must beat (or 0), then the Gram matrix.
//
// Uses
//   accelerator.wgsl: begin, kept, move_to, next_slot, place, read_evaluation, recall, remember, remember_scale, rescaling
//   check-convergence.wgsl: to_scale
//   interface.wgsl: FIRST_SLOT, history, run, states, unit_constants
//   prelude.wgsl: THREADS, row
//   reduce.wgsl: total

// `run.p0` to `run.p3`: the window, the ridge, 1 where that is relative to the trace of the Gram matrix, the safeguard.
fn window() -> u32 {
  return u32(run.p0);
}

const SAFEGUARD_STEP = 1.0;
const SAFEGUARD_RESIDUAL = 2.0;

const MOST = 8u;
const GRAM = 2u;
const MOST_RIDGE = 1e18;

// The weights, and whether there are any.
var<workgroup> alpha: array<f32, MOST>;
var<workgroup> solved: u32;

// [[0, 1ᵀ], [1, G + λI]] [ν; α] = [1; 0] by elimination with partial pivoting; one thread does it.
fn solve_system(sample: u32, n: u32) {
  var a: array<array<f32, 10>, 9>;
  let size = n + 1u;
  var trace_of_gram = 0.0;
  for (var i = 0u; i < n; i += 1u) {
    trace_of_gram += recall(sample, GRAM + i * MOST + i);
  }
  // In units of the scale, and no larger than what drowns the matrix anyway.
  let absolute = min(run.p1 * to_scale, MOST_RIDGE) * to_scale;
  let ridge = select(min(absolute, MOST_RIDGE), run.p1 * trace_of_gram, run.p2 == 1.0);
  for (var i = 0u; i < size; i += 1u) {
    for (var j = 0u; j < size; j += 1u) {
      if (i == 0u || j == 0u) {
        a[i][j] = select(1.0, 0.0, i == j);
      } else {
        a[i][j] = recall(sample, GRAM + (i - 1u) * MOST + j - 1u) + select(0.0, ridge, i == j);
      }
    }
    a[i][size] = select(0.0, 1.0, i == 0u);
  }
  solved = 1u;
  for (var k = 0u; k < size; k += 1u) {
    var pivot = k;
    for (var i = k + 1u; i < size; i += 1u) {
      if (abs(a[i][k]) > abs(a[pivot][k])) {
        pivot = i;
      }
    }
    let swapped = a[k];
    a[k] = a[pivot];
    a[pivot] = swapped;
    if (a[k][k] == 0.0) {
      solved = 0u;
      return;
    }
    for (var i = k + 1u; i < size; i += 1u) {
      let factor = a[i][k] / a[k][k];
      for (var j = k; j <= size; j += 1u) {
        a[i][j] -= factor * a[k][j];
      }
    }
  }
  for (var back = 0u; back < size; back += 1u) {
    let i = size - 1u - back;
    var sum = a[i][size];
    for (var j = i + 1u; j < size; j += 1u) {
      sum -= a[i][j] * a[j][size];
    }
    a[i][size] = sum / a[i][i];
    if ((bitcast<u32>(a[i][size]) & 0x7f800000u) == 0x7f800000u) {
      solved = 0u;
    }
    if (i > 0u) {
      alpha[i - 1u] = a[i][size];
    }
  }
}

fn check_and_accelerate(sample: u32, thread: u32) {
  let count = begin(sample, thread);
  let next = next_slot(sample);
  let before = u32(recall(sample, 0u));
  let rescale = rescaling(sample);
  let beat = recall(sample, 1u) * rescale;

  // The evaluation, in its place of the ring.
  let slot = before % window();
  let outputs = FIRST_SLOT;
  let residuals = FIRST_SLOT + window();
  var norms = vec4f();
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let four = read_evaluation(sample, local, next);
    let free = unit_constants[sample * run.width + local].free;
    history[kept(outputs + slot, sample) + local] = four.y;
    history[kept(residuals + slot, sample) + local] = four.r;
    let r = to_scale * four.r;
    let x = to_scale * free * four.x;
    norms += vec4f(dot(r, r), dot(x, x), 0.0, 0.0);
  }
  let sizes = total(norms, thread);
  let size = sqrt(sizes.x);
  // A mixed point that is no better than the point before it is taken back.
  let refused = beat > 0.0 && size >= beat;

  // The Gram matrix in units of this scale, and its new row, four entries at a time.
  if (thread == 0u && count > 0u) {
    for (var i = 0u; i < MOST * MOST; i += 1u) {
      remember(sample, GRAM + i, recall(sample, GRAM + i) * rescale * rescale);
    }
  }
  for (var first = 0u; first < window(); first += 4u) {
    var products = vec4f();
    for (var i = thread; i < count; i += THREADS) {
      let local = place(i);
      let r = to_scale * history[kept(residuals + slot, sample) + local];
      for (var k = 0u; k < min(4u, window() - first); k += 1u) {
        products[k] += dot(r, to_scale * history[kept(residuals + first + k, sample) + local]);
      }
    }
    let entries = total(products, thread);
    if (thread == 0u) {
      for (var k = 0u; k < min(4u, window() - first); k += 1u) {
        remember(sample, GRAM + slot * MOST + first + k, entries[k]);
        remember(sample, GRAM + (first + k) * MOST + slot, entries[k]);
      }
    }
  }
  let n = min(before + 1u, window());
  if (thread == 0u) {
    solved = 0u;
    if (n >= 2u && !refused && count > 0u) {
      solve_system(sample, n);
    }
  }
  let mixes = workgroupUniformLoad(&solved) == 1u;

  // The mixed point, and how far it is from y.
  var distances = vec4f();
  if (mixes) {
    for (var i = thread; i < count; i += THREADS) {
      let local = place(i);
      var mixed = vec4f();
      for (var k = 0u; k < n; k += 1u) {
        mixed += alpha[k] * history[kept(outputs + k, sample) + local];
      }
      states[row(next, sample) + local] = mixed;
      let free = unit_constants[sample * run.width + local].free;
      let away = to_scale * free * (history[kept(next, sample) + local] - mixed);
      let there = to_scale * free * mixed;
      distances += vec4f(dot(away, away), dot(there, there), 0.0, 0.0);
    }
  }
  let far = total(distances, thread);
  let shorter = sqrt(far.x / far.y) < size / sqrt(sizes.y);
  let accepted = mixes && (run.p3 != SAFEGUARD_STEP || shorter);

  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    var goal = history[kept(next, sample) + local];
    if (accepted) {
      goal = states[row(next, sample) + local];
    }
    if (refused) {
      goal = history[kept(1u - next, sample) + local];
    }
    move_to(sample, local, next, goal);
  }
  if (thread == 0u && count > 0u) {
    remember(sample, 0u, select(f32(before + 1u), 0.0, refused));
    remember(sample, 1u, select(0.0, size, accepted && run.p3 == SAFEGUARD_RESIDUAL));
    remember_scale(sample);
  }
}
