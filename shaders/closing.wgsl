// How state t of a sample is closed: what the updates found out is added up, the trace written, and decided whether
// the sample goes on. One workgroup a sample. The decisions are those of `src/solve/stop.ts`. How far the map's output
// is from the one before it, `output_step`, is told by close.wgsl, or by mixer.wgsl for the solvers that look back.

override DIVERGED_ABOVE: f32 = 1e30;
override CYCLE_RATIO: f32 = 1e-3;
override CYCLE_FLOOR: f32 = 1e-5;
override LARGEST_CONTRACTION: f32 = 0.997;
override FIRST_RATIO: u32 = 3u;

// energy, map residual, step residual: [trace_rows][batch].
@group(1) @binding(3) var<storage, read_write> trace: array<vec4f>;

fn relative(part: f32, whole: f32) -> f32 {
  if (part == 0.0) {
    return 0.0;
  }
  return select(1.0, sqrt(part / whole), whole > 0.0);
}

// Not a comparison with infinity, which a compiler may take for granted to be false.
fn finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// See `src/solve/adaptive-omega.ts`.
fn next_omega(omega: f32, ratio: f32) -> f32 {
  if (!(ratio < 1.0)) {
    return 1.0;
  }
  if (ratio <= omega - 1.0) {
    return omega;
  }
  let root = (ratio + omega - 1.0) / omega;
  return 2.0 / (1.0 + sqrt(1.0 - min(root * root / ratio, LARGEST_CONTRACTION)));
}

fn judge(square: vec4f, energy: f32, state: f32, iteration: u32) -> u32 {
  let size = square.x + square.y;
  if (!finite(size) || size >= DIVERGED_ABOVE || !finite(energy)) {
    return STOP_DIVERGED;
  }
  let map_residual = relative(square.x, square.y);
  let residual = select(map_residual, relative(square.z, state), run.by_step == 1u);
  if (residual < run.tolerance && iteration >= run.first_told) {
    return STOP_CONVERGED;
  }
  let two_step = relative(square.w, square.y);
  let swings = map_residual > CYCLE_FLOOR && two_step < CYCLE_RATIO * map_residual;
  if (iteration >= 2u && swings && two_step < run.tolerance) {
    return STOP_OSCILLATES;
  }
  return select(0u, STOP_LIMIT, iteration >= run.iteration_limit);
}

var<workgroup> goes_on: u32;

// Returns whether the sample goes on, to every thread. Every thread of the workgroup must come here.
fn close_state(sample: u32, thread: u32) -> bool {
  let t = samples[sample].iteration;
  let running = runs(sample);
  let here = row(t & 1u, sample);
  let active_row = activity_row(t & 1u, sample);

  // map, scale, step, cycle; and energy, Σ y².
  var squares = vec4f();
  var others = vec4f();
  if (running) {
    for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers + pass_.others; l += 1u) {
      let layer = layers[l];
      for (var group = thread; group < layer.groups; group += THREADS) {
        let local = layer.start + group;
        let input = inputs[sample * run.width + local];
        let found = terms[here + local];
        let s = states[here + local];
        let a = activity[active_row + local];
        let own = own_energy(layer.activation, layer.parameter, s, a, input.free);
        let counts = select(0.0, 1.0, layer.counts == 1u);
        // Every connection between free units pulls at both its ends, so half of it counts at each.
        let energy = own - dot(input.drive + 0.5 * found.pull, a);
        let step = counts * output_step(sample, local, t, s);
        squares += vec4f(found.map, found.scale, step.x, found.cycle);
        others += vec4f(energy, step.y, 0.0, 0.0);
      }
    }
  }
  let all = total(squares, thread);
  let sums = total(others, thread);

  if (thread == 0u) {
    goes_on = 0u;
    if (running) {
      let energy = sums.x;
      let step_residual = relative(all.z, sums.y);
      let at = (t % run.trace_rows) * run.batch + sample;
      trace[at] = vec4f(energy, relative(all.x, all.y), step_residual, 0.0);
      let stop = judge(all, energy, sums.y, t);
      if (t >= FIRST_RATIO) {
        samples[sample].omega = next_omega(samples[sample].omega, sqrt(all.x / samples[sample].map));
      }
      samples[sample].map = all.x;
      if (stop == 0u) {
        goes_on = 1u;
        samples[sample].iteration = t + 1u;
      } else {
        atomicStore(&samples[sample].stop, stop);
      }
    }
  }
  note_closed(thread);
  storageBarrier();
  return workgroupUniformLoad(&goes_on) == 1u;
}
