// What a batch came to, a thread a sample: its loss, which output is the most active, and where its state stopped.
//
// Uses
//   interface.wgsl: outcomes, run, samples, states, step_
//   prelude.wgsl: row

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let sample = thread.x;
  if (sample >= run.batch) {
    return;
  }
  let place = step_.row * run.batch + sample;
  let first = row(samples[sample].iteration & 1u, sample) + step_.output;
  let label = outcomes[place].label;
  var loss = 0.0;
  var guess = 0u;
  var best = states[first].x;
  for (var i = 0u; i < step_.classes; i += 1u) {
    let s = states[first + i / 4u][i % 4u];
    let miss = s - select(0.0, 1.0, i == label);
    loss += 0.5 * miss * miss;
    if (s > best) {
      best = s;
      guess = i;
    }
  }
  outcomes[place].loss = loss;
  outcomes[place].guess = guess;
  outcomes[place].iteration = samples[sample].iteration;
  outcomes[place].stop = atomicLoad(&samples[sample].stop);
}
