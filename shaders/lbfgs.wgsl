// L-BFGS in the ρ′ inner product, guarded by the reduced energy. See `src/solve/solvers/lbfgs.ts`. History: s, f and h = ρ(s) of
// the last accepted point, ρ′ of the present one, then Δs, Δh, Δg of each pair, in a ring. Memo: whether a point was
// accepted, its energy, whether it was near, pairs kept so far, the curvature of each, and whether the last step was the
// plain one, to land or in retreat.
//
// Uses
//   accelerator.wgsl: begin, kept, move_to, next_slot, place, read_evaluation, recall, remember, remember_scale, rescaling, slope_at
//   check-convergence.wgsl: to_scale
//   dispatched.wgsl or persistent.wgsl: activity_row
//   dynamics.wgsl: own_energy
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: FIRST_SLOT, history, layers, run, samples, states, unit_constants
//   prelude.wgsl: THREADS, row
//   reduce.wgsl: total

// `run.p0`, `run.p1`: the window, 1 where the first scale is fitted.
fn window() -> u32 {
  return u32(run.p0);
}

// `src/solve/solvers/lbfgs.ts` sets these; what stands here are defaults alone.
override FIRST_SCALE: f32 = 1.5;
override BLIND_ABOVE: f32 = 1.1;
override PAIRS_BELOW: f32 = 0.1;
override CURVATURE: f32 = 1e-3;
override LEAST_SCALE: f32 = 1.0;
override MOST_SCALE: f32 = 20.0;
override CAP: f32 = 4.0;
override RISE: f32 = 1e-6;
override LANDING: f32 = 2.0;

const MOST = 8u;
const PAIR_CURVATURES = 4u;
const LANDED = PAIR_CURVATURES + MOST;
const RETREATED = LANDED + 1u;
const PAIRS = FIRST_SLOT + 4u;

// Φ of the mixed layers at x plus that of the others where the drive from x has put them, Σ s² of these others in units of
// the scale, and the sizes of the terms of Φ: one thread's share.
fn reduced_energy(sample: u32, thread: u32, next: u32, running: bool) -> vec3f {
  var sum = vec3f();
  if (!running) {
    return sum;
  }
  for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers + pass_.others; l += 1u) {
    let layer = layers[l];
    let is_mixed = l < pass_.first_layer + pass_.layers;
    let slot = select(next, 1u - next, is_mixed);
    let base = row(slot, sample) + layer.start;
    let active_row = activity_row(slot, sample) + layer.start;
    for (var i = thread; i < layer.vec4_count; i += THREADS) {
      let input = unit_constants[sample * run.width + layer.start + i];
      let s = states[base + i];
      let a = activity[active_row + i];
      let own = own_energy(layer.activation, layer.parameter, s, a, input.free);
      let pull = select(s, input.constant_drive, is_mixed) * a;
      sum.x += own - dot(pull, vec4f(1.0));
      sum.z += abs(own) + dot(abs(pull), vec4f(1.0));
      let free = to_scale * input.free * s;
      sum.y += select(dot(free, free), 0.0, is_mixed);
    }
  }
  return sum;
}

// The scale where the newest change is no pair; `reach` is ⟨Δh, Δs⟩.
fn scale_before(curvature: f32, reach: f32, has_change: bool, residual: f32) -> f32 {
  if (run.p1 == 0.0) {
    return FIRST_SCALE;
  }
  if (residual > BLIND_ABOVE || (has_change && curvature >= reach)) {
    return 1.0;
  }
  if (!has_change) {
    return FIRST_SCALE;
  }
  return select(reach / curvature, FIRST_SCALE, FIRST_SCALE * curvature <= reach);
}

fn check_and_accelerate(sample: u32, thread: u32) {
  let count = begin(sample, thread);
  let next = next_slot(sample);
  let here = row(next, sample);
  let accepted = recall(sample, 0u) == 1.0;
  let last_energy = recall(sample, 1u);
  let rescale = rescaling(sample);
  let near = recall(sample, 2u) == 1.0;
  let pairs_before = u32(recall(sample, 3u));
  let last_s = kept(FIRST_SLOT, sample);
  let last_f = kept(FIRST_SLOT + 1u, sample);
  let last_h = kept(FIRST_SLOT + 2u, sample);
  let slopes = kept(FIRST_SLOT + 3u, sample);

  // The evaluation and the change since the last accepted point.
  let reduced = reduced_energy(sample, thread, next, count > 0u);
  var sums = vec4f(reduced.x, 0.0, 0.0, reduced.y);
  var products = vec4f(0.0, 0.0, 0.0, reduced.z);
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let four = read_evaluation(sample, local, next);
    let free = unit_constants[sample * run.width + local].free;
    let r = to_scale * four.r;
    let y = to_scale * free * four.y;
    sums += vec4f(0.0, dot(r, r), dot(y, y), 0.0);
    let s = history[last_s + local];
    let ds = to_scale * free * (four.x - s);
    let dh = to_scale * (activity[activity_row(1u - next, sample) + local] - history[last_h + local]);
    let dg = to_scale * (free * (history[last_f + local] - s) - four.r);
    let slopes_here = slope_at(local, four.x);
    history[slopes + local] = slopes_here;
    let weighted = slopes_here * dg;
    products += vec4f(dot(dh, dg), dot(dh, ds), dot(dg, weighted), 0.0);
  }
  let found = total(sums, thread);
  let change = total(products, thread);
  let energy = found.x;
  // In units of the scale, as all sums and lengths here.
  let size = sqrt(found.y);
  let least = samples[sample].floor * samples[sample].largest * to_scale;
  let rises = accepted && energy - last_energy > RISE * change.w;
  let retreats = rises && recall(sample, RETREATED) == 0.0;
  let is_pair = accepted && near && !retreats && change.x > CURVATURE * change.y;
  let pairs = select(pairs_before + select(0u, 1u, is_pair), 0u, retreats);
  let newest = pairs_before % window();
  let lands = recall(sample, LANDED) == 0.0 && size < LANDING * run.tolerance * max(sqrt(found.z + found.w), least);

  // The pair joins the ring, the point becomes the accepted one, and states[next] begins as q = r.
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let x = states[row(1u - next, sample) + local];
    let y = history[kept(next, sample) + local];
    let free = unit_constants[sample * run.width + local].free;
    let r = free * (y - x);
    let h = activity[activity_row(1u - next, sample) + local];
    if (is_pair) {
      let s = history[last_s + local];
      let slot = PAIRS + 3u * newest;
      history[kept(slot, sample) + local] = free * (x - s);
      history[kept(slot + 1u, sample) + local] = h - history[last_h + local];
      history[kept(slot + 2u, sample) + local] = free * (history[last_f + local] - s) - r;
    }
    if (!retreats) {
      history[last_s + local] = x;
      history[last_f + local] = y;
      history[last_h + local] = h;
    }
    states[here + local] = r;
  }
  if (thread == 0u && count > 0u) {
    for (var i = 0u; i < MOST; i += 1u) {
      remember(sample, PAIR_CURVATURES + i, recall(sample, PAIR_CURVATURES + i) * rescale * rescale);
    }
    if (is_pair) {
      remember(sample, PAIR_CURVATURES + newest, change.x);
    }
  }
  storageBarrier();

  // The two loops, newest to oldest and back. Places that hold no pair take part with a share of zero.
  let used = min(pairs, window());
  var shares: array<f32, MOST>;
  for (var j = 0u; j < window(); j += 1u) {
    let slot = (pairs + window() - 1u - j) % window();
    let valid = j < used;
    var product = 0.0;
    for (var i = thread; i < count; i += THREADS) {
      let local = place(i);
      product += dot(to_scale * history[kept(PAIRS + 3u * slot + 1u, sample) + local], to_scale * states[here + local]);
    }
    let sum = total(vec4f(product, 0.0, 0.0, 0.0), thread).x;
    var share = 0.0;
    if (valid) {
      share = sum / recall(sample, PAIR_CURVATURES + slot);
      for (var i = thread; i < count; i += THREADS) {
        let local = place(i);
        states[here + local] -= share * history[kept(PAIRS + 3u * slot + 2u, sample) + local];
      }
    }
    shares[j] = share;
  }
  let first_scale = scale_before(change.x, change.y, accepted, size / sqrt(found.z));
  let scale = select(first_scale, clamp(change.x / change.z, LEAST_SCALE, MOST_SCALE), is_pair);
  for (var i = thread; i < count; i += THREADS) {
    states[here + place(i)] *= scale;
  }
  for (var back = 0u; back < window(); back += 1u) {
    let j = window() - 1u - back;
    let slot = (pairs + window() - 1u - j) % window();
    let valid = j < used;
    var product = 0.0;
    for (var i = thread; i < count; i += THREADS) {
      let local = place(i);
      let weighted = history[slopes + local] * (to_scale * states[here + local]);
      product += dot(to_scale * history[kept(PAIRS + 3u * slot + 2u, sample) + local], weighted);
    }
    let sum = total(vec4f(product, 0.0, 0.0, 0.0), thread).x;
    if (valid) {
      let factor = shares[j] - sum / recall(sample, PAIR_CURVATURES + slot);
      for (var i = thread; i < count; i += THREADS) {
        let local = place(i);
        states[here + local] += factor * history[kept(PAIRS + 3u * slot, sample) + local];
      }
    }
  }
  var length = 0.0;
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let step = to_scale * states[here + local];
    length += dot(step, step);
  }
  let long = sqrt(total(vec4f(length, 0.0, 0.0, 0.0), thread).x);
  let shrink = select(1.0, CAP * size / long, long > CAP * size);

  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    var goal = states[row(1u - next, sample) + local] + shrink * states[here + local];
    // Where it retreats that is the last accepted point's, where it lands the present one's.
    if (retreats || lands) {
      goal = history[last_f + local];
    }
    move_to(sample, local, next, goal);
  }
  if (thread == 0u && count > 0u) {
    remember(sample, 0u, 1.0);
    remember(sample, LANDED, select(0.0, 1.0, lands));
    remember(sample, RETREATED, select(0.0, 1.0, retreats));
    remember(sample, 3u, f32(pairs));
    remember_scale(sample);
    if (!retreats) {
      remember(sample, 1u, energy);
      remember(sample, 2u, select(0.0, 1.0, size < PAIRS_BELOW * sqrt(found.z)));
    }
  }
}
