// Closes state t of each sample: adds up what the updates found out, writes the trace, and decides whether
// the sample goes on. One workgroup a sample. The decisions are those of `src/solve/stop.ts`.

override THREADS: u32 = 64u;
override DIVERGED_ABOVE: f32 = 1e30;
override CYCLE_RATIO: f32 = 1e-3;
override CYCLE_FLOOR: f32 = 1e-5;
override LARGEST_CONTRACTION: f32 = 0.997;
override FIRST_RATIO: u32 = 3u;

@group(1) @binding(0) var<storage, read> terms: array<Terms>;
// energy, map residual, step residual: [trace_rows][batch].
@group(1) @binding(1) var<storage, read_write> trace: array<vec4f>;

// map, scale, step, cycle
var<workgroup> squares: array<vec4f, THREADS>;
// energy, Σ s²
var<workgroup> others: array<vec2f, THREADS>;

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

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread_id: vec3u) {
  let sample = block.y;
  let thread = thread_id.x;
  let t = samples[sample].iteration;
  let running = samples[sample].stop == 0u;
  let here = row(t & 1u, sample);

  var square = vec4f();
  var other = vec2f();
  if (running) {
    for (var l = pass_.first_layer; l < pass_.first_layer + pass_.layers; l += 1u) {
      let layer = layers[l];
      for (var group = thread; group < layer.groups; group += THREADS) {
        let local = layer.start + group;
        let at = sample * run.width + local;
        let input = inputs[at];
        let found = terms[at];
        let s = states[here + local];
        let a = activity[here + local];
        let own = own_energy(layer.activation, layer.parameter, s, a, input.free);
        let counts = select(0.0, 1.0, layer.counts == 1u);
        // Every connection between free units pulls at both its ends, so half of it counts at each.
        let energy = own - dot(input.drive + 0.5 * found.pull, a);
        square += vec4f(found.map, found.scale, counts * found.step, found.cycle);
        other += vec2f(energy, counts * dot(input.free * s, s));
      }
    }
  }
  squares[thread] = square;
  others[thread] = other;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      squares[thread] += squares[thread + half];
      others[thread] += others[thread + half];
    }
  }

  if (thread == 0u && running) {
    let all = squares[0];
    let energy = others[0].x;
    let step_residual = relative(all.z, others[0].y);
    let at = (t % run.trace_rows) * run.batch + sample;
    trace[at] = vec4f(energy, relative(all.x, all.y), step_residual, 0.0);
    let stop = judge(all, energy, others[0].y, t);
    var omega = samples[sample].omega;
    if (t >= FIRST_RATIO) {
      omega = next_omega(omega, sqrt(all.x / samples[sample].map));
    }
    samples[sample] = Sample(t + select(0u, 1u, stop == 0u), stop, omega, all.x);
  }
}
