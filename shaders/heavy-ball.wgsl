// Heavy-ball momentum. See `src/solve/solvers/heavy-ball.ts`. `run.p0` to `run.p2`: the step α and the momentum β, negative
// where they are fitted; 1 where all layers move together. History: the last x. Memo: states so far, ‖F(s) − s‖ of the last two
// in units of the scale, μ².
//
// Uses
//   accelerator.wgsl: begin, kept, move_to, next_slot, place, read_evaluation, recall, remember, remember_scale, rescaling
//   check-convergence.wgsl: FIRST_RATIO, LARGEST_CONTRACTION, to_scale
//   interface.wgsl: FIRST_SLOT, history, run
//   prelude.wgsl: THREADS
//   reduce.wgsl: total

// α and β for modes that contract by μ at most.
fn best_momentum(squared_contraction: f32) -> vec2f {
  let omega = 2.0 / (1.0 + sqrt(1.0 - min(squared_contraction, LARGEST_CONTRACTION)));
  return select(vec2f(omega * omega, (omega - 1.0) * (omega - 1.0)), vec2f(omega, omega - 1.0), run.p2 == 1.0);
}

// α and β as they are set, or as they are fitted.
fn weights_for(squared_contraction: f32) -> vec2f {
  let best = best_momentum(squared_contraction);
  return vec2f(select(run.p0, best.x, run.p0 < 0.0), select(run.p1, best.y, run.p1 < 0.0));
}

// μ² from the factor by which residuals shrink in an iteration; what was known before where it does not say.
fn contraction_from(lambda: f32, pair: vec2f, before: f32) -> f32 {
  if (!(lambda < 1.0)) {
    return 0.0;
  }
  if (lambda <= sqrt(pair.y)) {
    return before;
  }
  let mode = 1.0 - (1.0 + pair.y - lambda - pair.y / lambda) / pair.x;
  return max(select(mode, mode * mode, run.p2 == 1.0), 0.0);
}

fn check_and_accelerate(sample: u32, thread: u32) {
  let count = begin(sample, thread);
  let next = next_slot(sample);
  let states_before = recall(sample, 0u);
  let rescale = rescaling(sample);
  let before = recall(sample, 1u) * rescale;
  let two_before = recall(sample, 2u) * rescale;
  let known = recall(sample, 3u);
  let last_x = kept(FIRST_SLOT, sample);

  var square = 0.0;
  for (var i = thread; i < count; i += THREADS) {
    let r = to_scale * read_evaluation(sample, place(i), next).r;
    square += dot(r, r);
  }
  let size = sqrt(total(vec4f(square, 0.0, 0.0, 0.0), thread).x);
  var contraction = known;
  if (states_before >= f32(FIRST_RATIO)) {
    contraction = contraction_from(sqrt(size / two_before), weights_for(known), known);
  }
  let pair = weights_for(contraction);
  for (var i = thread; i < count; i += THREADS) {
    let local = place(i);
    let four = read_evaluation(sample, local, next);
    let last = select(four.x, history[last_x + local], states_before > 0.0);
    history[last_x + local] = four.x;
    move_to(sample, local, next, four.x + pair.x * four.r + pair.y * (four.x - last));
  }
  if (thread == 0u && count > 0u) {
    remember(sample, 0u, states_before + 1.0);
    remember(sample, 1u, size);
    remember(sample, 2u, before);
    remember(sample, 3u, contraction);
    remember_scale(sample);
  }
}
