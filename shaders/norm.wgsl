// Norms whose squares neither vanish nor leave the range of float32: numbers are divided by a power of two near the
// largest of them, which costs no digit.

// The power of two at or below each x ≥ 0, from 2^−126 to 2^126.
fn binade(x: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(x) & vec4u(0x7f800000u);
  return bitcast<vec4f>(clamp(bits, vec4u(0x00800000u), vec4u(0x7e800000u)));
}

// 1 / x of such a power.
fn inverse(power_of_two: vec4f) -> vec4f {
  return bitcast<vec4f>(vec4u(0x7f000000u) - bitcast<vec4u>(power_of_two));
}

// ‖v‖
fn norm(v: vec4f) -> f32 {
  let a = abs(v);
  let unit = binade(vec4f(max(max(a.x, a.y), max(a.z, a.w))));
  let scaled = v * inverse(unit);
  return unit.x * sqrt(dot(scaled, scaled));
}

// Four norms that grow, each as √squares in units of its own.
struct Norms {
  units: vec4f,
  squares: vec4f,
}

fn no_norms() -> Norms {
  return Norms(binade(vec4f()), vec4f());
}

// With four more parts, ≥ 0.
fn grow(norms: Norms, parts: vec4f) -> Norms {
  let units = max(norms.units, binade(parts));
  let shrink = norms.units * inverse(units);
  let scaled = parts * inverse(units);
  return Norms(units, norms.squares * shrink * shrink + scaled * scaled);
}

fn values(norms: Norms) -> vec4f {
  return norms.units * sqrt(norms.squares);
}
