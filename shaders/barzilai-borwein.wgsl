// Barzilai–Borwein steps along the residual. See `src/solve/barzilai-borwein.ts`. History: the last x and r. Memo:
// whether there are any.

override LEAST: f32 = 1.0;
override MOST: f32 = 20.0;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread_id: vec3u) {
  let sample = block.y;
  let thread = thread_id.x;
  let next = samples[sample].iteration & 1u;
  let groups = mixed_groups(sample);
  let last = memo[sample * MEMO] == 1.0;
  let last_x = kept(FIRST_SLOT, sample);
  let last_r = kept(FIRST_SLOT + 1u, sample);

  var products = vec4f();
  for (var i = thread; i < groups; i += THREADS) {
    let at = place(i);
    let layer = layers[at.layer];
    let four = take(sample, at.local, next);
    if (last) {
      let dg = history[last_r + at.local] - four.r;
      let weighted = slope(layer.activation, layer.parameter, four.x) * dg;
      products += vec4f(dot(four.x - history[last_x + at.local], weighted), dot(dg, weighted), 0.0, 0.0);
    }
    history[last_x + at.local] = four.x;
    history[last_r + at.local] = four.r;
  }
  let sums = total(products, thread);
  var scale = 1.0;
  if (sums.x > 0.0 && sums.y > 0.0) {
    scale = clamp(sums.x / sums.y, LEAST, MOST);
  }
  for (var i = thread; i < groups; i += THREADS) {
    let at = place(i);
    settle(sample, at, next, history[last_x + at.local] + scale * history[last_r + at.local]);
  }
  if (thread == 0u) {
    memo[sample * MEMO] = 1.0;
  }
}
