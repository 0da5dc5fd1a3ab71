// ρ of a softmax layer that a pass has just moved. One workgroup a sample; every thread must come here.
//
// Uses
//   dispatched.wgsl or persistent.wgsl: activity_row
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: Layer, run, samples, states, unit_constants
//   prelude.wgsl: THREADS, row, runs
//   reduce.wgsl: highest, total

fn softmax(layer: Layer, sample: u32, thread: u32) {
  let t_next = samples[sample].iteration + 1u - pass_.after_check;
  let base = row(t_next & 1u, sample) + layer.start;
  let goal = activity_row(t_next & 1u, sample) + layer.start;
  let mask = sample * run.width + layer.start;
  let beta = layer.parameter;
  // A sample that has stopped keeps its final state: it takes part in the barriers and writes nothing.
  let running = runs(sample);

  var top = -3.0e38;
  for (var i = thread; i < layer.vec4_count; i += THREADS) {
    let s = select(vec4f(-3.0e38), states[base + i], unit_constants[mask + i].free > vec4f());
    top = max(top, max(max(s.x, s.y), max(s.z, s.w)));
  }
  let peak = highest(top, thread);

  var sum = 0.0;
  for (var i = thread; i < layer.vec4_count; i += THREADS) {
    sum += dot(unit_constants[mask + i].free, exp(beta * min(states[base + i] - peak, vec4f())));
  }
  // The highest unit adds 1 to the sum, unless none is free.
  let whole = max(total(vec4f(sum, 0.0, 0.0, 0.0), thread).x, 1.0);

  if (running) {
    for (var i = thread; i < layer.vec4_count; i += THREADS) {
      let e = exp(beta * min(states[base + i] - peak, vec4f()));
      activity[goal + i] = unit_constants[mask + i].free * e / whole;
    }
  }
}
