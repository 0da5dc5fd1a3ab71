// Barzilai–Borwein steps along the residual. See `src/solve/solvers/barzilai-borwein.ts`. History: the last x and r. Memo:
// whether there are any.
//
// Uses
//   accelerator.wgsl: begin, kept, move_to, next_slot, place, read_evaluation, recall, remember, slope_at
//   check-convergence.wgsl: to_scale
//   interface.wgsl: FIRST_SLOT, history
//   prelude.wgsl: THREADS
//   reduce.wgsl: total

override LEAST: f32 = 1.0;
override MOST: f32 = 20.0;

fn check_and_accelerate(sample: u32, thread: u32) {
  let count = begin(sample, thread);
  let next = next_slot(sample);
  let last = recall(sample, 0u) == 1.0;
  let last_x = kept(FIRST_SLOT, sample);
  let last_r = kept(FIRST_SLOT + 1u, sample);

  var products = vec4f();
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let four = read_evaluation(sample, local, next);
    if (last) {
      let dg = to_scale * (history[last_r + local] - four.r);
      let ds = to_scale * (four.x - history[last_x + local]);
      let weighted = slope_at(local, four.x) * dg;
      products += vec4f(dot(ds, weighted), dot(dg, weighted), 0.0, 0.0);
    }
    history[last_x + local] = four.x;
    history[last_r + local] = four.r;
  }
  let sums = total(products, thread);
  var scale = 1.0;
  if (sums.x > 0.0 && sums.y > 0.0) {
    scale = clamp(sums.x / sums.y, LEAST, MOST);
  }
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    move_to(sample, local, next, history[last_x + local] + scale * history[last_r + local]);
  }
  if (thread == 0u) {
    remember(sample, 0u, 1.0);
  }
}
