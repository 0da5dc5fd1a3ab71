// L-BFGS in the ρ′ inner product, guarded by the reduced energy. See `src/solve/lbfgs.ts`. History: s and f of the last
// accepted point, then Δs, Δh, Δg of each pair, in a ring. Memo: whether a point was accepted, its energy, whether it
// was near, pairs kept so far, then the curvature of each.

override FIRST_SCALE: f32 = 1.5;
override PAIRS_BELOW: f32 = 0.1;
override CURVATURE: f32 = 1e-3;
override LEAST_SCALE: f32 = 1.0;
override MOST_SCALE: f32 = 20.0;
override CAP: f32 = 4.0;
override RISE: f32 = 2e-6;

const MOST = 8u;
const CURVATURES = 4u;
const PAIRS = FIRST_SLOT + 2u;

// Φ of the mixed layers at x plus that of the others where the drive from x has put them: one thread's share.
fn reduced_energy(sample: u32, thread: u32, next: u32, running: bool) -> f32 {
  var sum = 0.0;
  if (!running) {
    return sum;
  }
  for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers + pass_.others; l += 1u) {
    let layer = layers[l];
    let is_mixed = l < pass_.first_layer + pass_.layers;
    let base = row(select(next, 1u - next, is_mixed), sample) + layer.start;
    for (var group = thread; group < layer.groups; group += THREADS) {
      let input = inputs[sample * run.width + layer.start + group];
      let s = states[base + group];
      let a = activity[base + group];
      sum += own_energy(layer.activation, layer.parameter, s, a, input.free);
      sum -= dot(select(s, input.drive, is_mixed), a);
    }
  }
  return sum;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread_id: vec3u) {
  let sample = block.y;
  let thread = thread_id.x;
  let next = samples[sample].iteration & 1u;
  let here = row(next, sample);
  let groups = mixed_groups(sample);
  let base = sample * MEMO;
  let accepted = memo[base] == 1.0;
  let last_energy = memo[base + 1u];
  let near = memo[base + 2u] == 1.0;
  let pairs_before = u32(memo[base + 3u]);
  let last_s = kept(FIRST_SLOT, sample);
  let last_f = kept(FIRST_SLOT + 1u, sample);

  // The evaluation and the change since the last accepted point.
  var sums = vec4f(reduced_energy(sample, thread, next, groups > 0u), 0.0, 0.0, 0.0);
  var products = vec4f();
  for (var i = thread; i < groups; i += THREADS) {
    let at = place(i);
    let layer = layers[at.layer];
    let four = take(sample, at.local, next);
    let free = inputs[sample * run.width + at.local].free;
    sums += vec4f(0.0, dot(four.r, four.r), dot(free * four.y, four.y), 0.0);
    let s = history[last_s + at.local];
    let ds = free * (four.x - s);
    let dh = free * (rho(layer.activation, layer.parameter, four.x) - rho(layer.activation, layer.parameter, s));
    let dg = free * (history[last_f + at.local] - s) - four.r;
    let weighted = slope(layer.activation, layer.parameter, four.x) * dg;
    products += vec4f(dot(dh, dg), dot(dh, ds), dot(dg, weighted), 0.0);
  }
  let found = total(sums, thread);
  let change = total(products, thread);
  let energy = found.x;
  let size = sqrt(found.y);
  let rises = accepted && energy - last_energy > RISE * abs(last_energy);
  let is_pair = accepted && near && !rises && change.x > CURVATURE * change.y;
  let pairs = select(pairs_before + select(0u, 1u, is_pair), 0u, rises);
  let newest = pairs_before % run.window;

  // The pair joins the ring, the point becomes the accepted one, and states[next] begins as q = r.
  for (var i = thread; i < groups; i += THREADS) {
    let at = place(i);
    let layer = layers[at.layer];
    let x = states[row(1u - next, sample) + at.local];
    let y = history[kept(next, sample) + at.local];
    let free = inputs[sample * run.width + at.local].free;
    let r = free * (y - x);
    if (is_pair) {
      let s = history[last_s + at.local];
      let slot = PAIRS + 3u * newest;
      history[kept(slot, sample) + at.local] = free * (x - s);
      history[kept(slot + 1u, sample) + at.local] =
        free * (rho(layer.activation, layer.parameter, x) - rho(layer.activation, layer.parameter, s));
      history[kept(slot + 2u, sample) + at.local] = free * (history[last_f + at.local] - s) - r;
    }
    if (!rises) {
      history[last_s + at.local] = x;
      history[last_f + at.local] = y;
    }
    states[here + at.local] = r;
  }
  if (thread == 0u && is_pair) {
    memo[base + CURVATURES + newest] = change.x;
  }
  storageBarrier();

  // The two loops, newest to oldest and back. Places that hold no pair take part with a share of zero.
  let used = min(pairs, run.window);
  var shares: array<f32, MOST>;
  for (var j = 0u; j < run.window; j += 1u) {
    let slot = (pairs + run.window - 1u - j) % run.window;
    let valid = j < used;
    var product = 0.0;
    for (var i = thread; i < groups; i += THREADS) {
      let local = place(i).local;
      product += dot(history[kept(PAIRS + 3u * slot + 1u, sample) + local], states[here + local]);
    }
    let sum = total(vec4f(product, 0.0, 0.0, 0.0), thread).x;
    var share = 0.0;
    if (valid) {
      share = sum / memo[base + CURVATURES + slot];
      for (var i = thread; i < groups; i += THREADS) {
        let local = place(i).local;
        states[here + local] -= share * history[kept(PAIRS + 3u * slot + 2u, sample) + local];
      }
    }
    shares[j] = share;
  }
  let scale = select(FIRST_SCALE, clamp(change.x / change.z, LEAST_SCALE, MOST_SCALE), is_pair);
  for (var i = thread; i < groups; i += THREADS) {
    states[here + place(i).local] *= scale;
  }
  for (var back = 0u; back < run.window; back += 1u) {
    let j = run.window - 1u - back;
    let slot = (pairs + run.window - 1u - j) % run.window;
    let valid = j < used;
    var product = 0.0;
    for (var i = thread; i < groups; i += THREADS) {
      let at = place(i);
      let layer = layers[at.layer];
      let x = states[row(1u - next, sample) + at.local];
      let weighted = slope(layer.activation, layer.parameter, x) * states[here + at.local];
      product += dot(history[kept(PAIRS + 3u * slot + 2u, sample) + at.local], weighted);
    }
    let sum = total(vec4f(product, 0.0, 0.0, 0.0), thread).x;
    if (valid) {
      let factor = shares[j] - sum / memo[base + CURVATURES + slot];
      for (var i = thread; i < groups; i += THREADS) {
        let local = place(i).local;
        states[here + local] += factor * history[kept(PAIRS + 3u * slot, sample) + local];
      }
    }
  }
  var length = 0.0;
  for (var i = thread; i < groups; i += THREADS) {
    let local = place(i).local;
    length += dot(states[here + local], states[here + local]);
  }
  let long = sqrt(total(vec4f(length, 0.0, 0.0, 0.0), thread).x);
  let shrink = select(1.0, CAP * size / long, long > CAP * size);

  for (var i = thread; i < groups; i += THREADS) {
    let at = place(i);
    var goal = states[row(1u - next, sample) + at.local] + shrink * states[here + at.local];
    if (rises) {
      goal = history[last_f + at.local];
    }
    settle(sample, at, next, goal);
  }
  if (thread == 0u && groups > 0u) {
    memo[base] = 1.0;
    memo[base + 3u] = f32(pairs);
    if (!rises) {
      memo[base + 1u] = energy;
      memo[base + 2u] = select(0.0, 1.0, size < PAIRS_BELOW * sqrt(found.z));
    }
  }
}
