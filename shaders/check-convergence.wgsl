// How state t of a sample is checked: what the updates found out is added up, the trace written, and decided whether
// the sample goes on. One workgroup a sample. The decisions are those of `src/solve/stop.ts`. How far the map's output
// is from the one before it, `output_step`, is given by check.wgsl, or by accelerator.wgsl for the solvers that look back.
//
// Uses
//   accelerator.wgsl or check.wgsl: output_step
//   dispatched.wgsl or persistent.wgsl: activity_row, note_checked
//   dynamics.wgsl: own_energy
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: STOP_CONVERGED, STOP_DIVERGED, STOP_LIMIT, STOP_OSCILLATES, layers, run, samples, states, terms, trace, unit_constants
//   norm.wgsl: binade, grow, inverse, no_norms, values
//   prelude.wgsl: THREADS, row, runs
//   reduce.wgsl: parts, total

override DIVERGED_ABOVE: f32 = 1e18;
// False where the solver looks back: it remembers both states of a two-cycle.
override SWINGS: bool = true;
override CYCLE_RATIO: f32 = 1e-6;
override CYCLE_NEARLY: f32 = 1e-3;
override CYCLE_ROUNDING: f32 = 2.4e-7;
override CYCLE_FLOOR: f32 = 1e-5;
override LARGEST_CONTRACTION: f32 = 0.997;
override FIRST_RATIO: u32 = 3u;

fn relative(part: f32, whole: f32) -> f32 {
  if (part == 0.0) {
    return 0.0;
  }
  return select(1.0, part / whole, whole > 0.0);
}

// Not a comparison with infinity, which a compiler may take for granted to be false.
fn finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// See `src/solve/solvers/relaxation.ts`.
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

// `norms` are those of map, scale, step and cycle.
fn judge(norms: vec4f, energy: f32, map_residual: f32, step_residual: f32, iteration: u32) -> u32 {
  let size = norms.x + norms.y;
  if (!finite(size) || size >= DIVERGED_ABOVE || !finite(energy)) {
    return STOP_DIVERGED;
  }
  let residual = select(map_residual, step_residual, run.by_step == 1u);
  if (residual < run.tolerance && iteration >= run.first_judged) {
    return STOP_CONVERGED;
  }
  let rounding = CYCLE_ROUNDING * norms.y;
  let returns = norms.w <= max(CYCLE_RATIO * norms.z, min(CYCLE_NEARLY * norms.z, rounding));
  if (SWINGS && iteration >= 2u && norms.z > CYCLE_FLOOR * norms.y && returns) {
    return STOP_OSCILLATES;
  }
  return select(0u, STOP_LIMIT, iteration >= run.iteration_limit);
}

// The norms of what all threads have norms of, for every thread. Every thread must come here.
fn total_norms(value: vec4f, thread: u32) -> vec4f {
  parts[thread] = value;
  workgroupBarrier();
  var sum = no_norms();
  for (var i = 0u; i < run.threads; i += 1u) {
    sum = grow(sum, parts[i]);
  }
  workgroupBarrier();
  return values(sum);
}

var<workgroup> goes_on: u32;

// 1 / the power of two near ‖f‖, of the state that was checked last: products of numbers that are scaled by it stay in range.
var<private> to_scale: f32;

// Returns whether the sample goes on, to every thread. Every thread of the workgroup must come here.
fn check_state(sample: u32, thread: u32) -> bool {
  let t = samples[sample].iteration;
  let running = runs(sample);
  let here = row(t & 1u, sample);
  let active_row = activity_row(t & 1u, sample);

  // map, scale, step, cycle.
  var found_norms = no_norms();
  var output_norm = no_norms();
  var energy = 0.0;
  if (running) {
    for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers + pass_.others; l += 1u) {
      let layer = layers[l];
      for (var i = thread; i < layer.vec4_count; i += THREADS) {
        let local = layer.start + i;
        let input = unit_constants[sample * run.width + local];
        let found = terms[here + local];
        let s = states[here + local];
        let a = activity[active_row + local];
        let own = own_energy(layer.activation, layer.parameter, s, a, input.free);
        let counts = select(0.0, 1.0, layer.counts == 1u);
        // Every connection between free units pulls at both its ends, so half of it counts at each.
        energy += own - dot(input.constant_drive + 0.5 * found.free_drive, a);
        let step = counts * output_step(sample, local, t, s);
        found_norms = grow(found_norms, vec4f(found.map, found.scale, step.x, found.cycle));
        output_norm = grow(output_norm, vec4f(step.y));
      }
    }
  }
  let all = total_norms(values(found_norms), thread);
  let scale = binade(vec4f(max(all.x, all.y)));
  to_scale = inverse(scale).x;
  let output = values(output_norm).x * to_scale;
  let sums = total(vec4f(energy, output * output, 0.0, 0.0), thread);

  if (thread == 0u) {
    goes_on = 0u;
    if (running) {
      let largest = max(samples[sample].largest, all.y);
      let least = samples[sample].floor * largest;
      let map_residual = relative(all.x, max(all.y, least));
      let step_residual = relative(all.z, max(scale.x * sqrt(sums.y), least));
      let at = (t % run.trace_rows) * run.batch + sample;
      trace[at] = vec4f(sums.x, map_residual, step_residual, all.x);
      let stop = judge(all, sums.x, map_residual, step_residual, t);
      if (t >= FIRST_RATIO) {
        samples[sample].omega = next_omega(samples[sample].omega, all.x / samples[sample].map);
      }
      samples[sample].map = all.x;
      samples[sample].largest = largest;
      if (stop == 0u) {
        goes_on = 1u;
        samples[sample].iteration = t + 1u;
      } else {
        atomicStore(&samples[sample].stop, stop);
      }
    }
  }
  note_checked(thread);
  storageBarrier();
  return workgroupUniformLoad(&goes_on) == 1u;
}
