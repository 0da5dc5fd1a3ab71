// What a unit's drive C means to it. HAM: f = C. CHN: f = ρ′(s)·C. See `src/network/dynamics.ts`.
//
// Uses
//   activation.wgsl: accurate_log, accurate_tanh, conjugate, log_cosh, log_one_plus, slope
//   interface.wgsl or persistent.wgsl: pass_
//   interface.wgsl: IDENTITY, SIGMOID, SOFTMAX, UNIT_EXACT, UNIT_MAP, run

override LOCAL_STEPS: u32 = 10u;
override LOCAL_DAMPING: f32 = 0.5;

const LOG_STEPS = 8u;
const ROOT_STEPS = 2u;

fn map(kind: u32, parameter: f32, s: vec4f, drive: vec4f) -> vec4f {
  if (run.chn == 0u) {
    return drive;
  }
  return slope(kind, parameter, s) * drive;
}

// The root of s = ρ′(s)·C by Newton's steps, first on ln |s|, which bring any C close, then on s itself:
// `src/network/local-root.ts` has the reasons.
fn local_root(kind: u32, parameter: f32, drive: vec4f) -> vec4f {
  if (kind == IDENTITY) {
    return drive;
  }
  let k = select(parameter, 2.0, kind == SIGMOID);
  let shift = select(0.0, 1.0, kind == SIGMOID);
  let m = select(parameter, 1.0, kind == SIGMOID);
  let c = sign(drive) * shift;
  let goal = log(max(abs(drive), vec4f(1.2e-38))) + log(m);
  let over = goal + log(4.0);
  let grown = max(over, vec4f()) + log_one_plus(exp(-abs(over)));
  var x = min(goal - 2.0 * log_cosh(c), log((grown + 2.0) / (2.0 * k)));
  for (var i = 0u; i < LOG_STEPS; i += 1u) {
    let u = exp(x);
    x -= (x + 2.0 * log_cosh(k * u - c) - goal) / (1.0 + 2.0 * k * u * accurate_tanh(k * u - c));
  }
  var s = sign(drive) * exp(x);
  for (var i = 0u; i < ROOT_STEPS; i += 1u) {
    // ρ′(s)·C, one half of the exponent at a time: ρ′ alone may leave the range where C is large.
    let e = exp(-abs(k * s - shift));
    let goal_here = 4.0 * m * (e * drive) * e / ((1.0 + e * e) * (1.0 + e * e));
    s -= (s - goal_here) / (1.0 + 2.0 * k * s * accurate_tanh(k * s - shift));
  }
  return s;
}

// Where four units move, before damping.
fn target_of(kind: u32, parameter: f32, s: vec4f, drive: vec4f) -> vec4f {
  if (run.chn == 0u || pass_.unit_update == UNIT_MAP) {
    return map(kind, parameter, s, drive);
  }
  if (pass_.unit_update == UNIT_EXACT) {
    return local_root(kind, parameter, drive);
  }
  var moved = s;
  for (var i = 0u; i < LOCAL_STEPS; i += 1u) {
    moved = LOCAL_DAMPING * moved + (1.0 - LOCAL_DAMPING) * map(kind, parameter, moved, drive);
  }
  return moved;
}

// Four units' own part of the energy, without bias and drive: s·ρ(s) − Λ(s) for a HAM, ½s² for a CHN. For
// softmax, with ln ρ = βs − ln Z, the former is Σ ρ ln ρ / β.
fn own_energy(kind: u32, parameter: f32, s: vec4f, activity: vec4f, free: vec4f) -> f32 {
  if (run.chn == 1u) {
    return 0.5 * dot(free * s, s);
  }
  if (kind == SOFTMAX) {
    let some = select(vec4f(1.0), activity, activity > vec4f());
    return dot(activity, accurate_log(some)) / parameter;
  }
  // A clamped unit may be as large as it likes.
  return dot(free, select(vec4f(), conjugate(kind, parameter, s), free > vec4f()));
}
