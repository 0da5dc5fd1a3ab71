// Activations ρ, their slopes, and what they add to the energy, of four units at a time. Softmax needs its whole layer: see
// softmax.wgsl. The formulas are those of `src/network/activation.ts`; the built-in exp is within 3 + 2|x| last bits of
// eˣ, tanh may overflow, and log may be off by 2⁻²¹ near 1, so neither of these two is used where digits count.
//
// Uses
//   interface.wgsl: RECTIFIED_POLYNOMIAL, RELU, SIGMOID, TANH

// tanh of 0 ≤ x < 1: Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + …))), cut off behind 13, as one quotient.
fn tanh_near_zero(x: vec4f) -> vec4f {
  let q = x * x;
  let above = 135135.0 + q * (17325.0 + q * (378.0 + q));
  let below = 135135.0 + q * (62370.0 + q * (3150.0 + q * 28.0));
  return x * (above / below);
}

fn accurate_tanh(x: vec4f) -> vec4f {
  let a = abs(x);
  let e = exp(-2.0 * a);
  return sign(x) * select((1.0 - e) / (1.0 + e), tanh_near_zero(min(a, vec4f(1.0))), a < vec4f(1.0));
}

// ln(1 + x) for 0 ≤ x ≤ 1, as 2 artanh(x / (2 + x)).
fn log_one_plus(x: vec4f) -> vec4f {
  let z = x / (2.0 + x);
  let q = z * z;
  var sum = vec4f(1.0 / 15.0);
  for (var odd = 13.0; odd > 0.0; odd -= 2.0) {
    sum = sum * q + 1.0 / odd;
  }
  return 2.0 * z * sum;
}

// ln x for x > 0: near 1, where the built-in one may be off, from the distance to 1.
fn accurate_log(x: vec4f) -> vec4f {
  let near = (x > vec4f(0.5)) & (x < vec4f(2.0));
  let up = log_one_plus(clamp(x - 1.0, vec4f(), vec4f(1.0)));
  let down = log_one_plus(clamp((1.0 - x) / x, vec4f(), vec4f(1.0)));
  return select(log(x), up - down, near);
}

// 1 / (1 + e^−z)
fn logistic(z: vec4f) -> vec4f {
  let e = exp(-abs(z));
  return select(vec4f(1.0), e, z < vec4f()) / (1.0 + e);
}

// x^f for x > 0 and 0 < f < 1. With x = m · 2^n, m from √½ to √2, it is 2^(n·f) m^f; f is split so that n times its
// first half has no rounding, as eleven bits times eight have none.
fn fraction_power(x: vec4f, f: f32) -> vec4f {
  let parts = frexp(x);
  let low = parts.fract < vec4f(0.70710678);
  let m = select(parts.fract, 2.0 * parts.fract, low);
  let n = vec4f(parts.exp) - select(vec4f(), vec4f(1.0), low);
  let high = floor(f * 2048.0) / 2048.0;
  let whole = floor(n * high);
  let rest = (n * high - whole) + n * (f - high);
  let power = exp2(rest) * exp(f * accurate_log(m));
  return ldexp(power, vec4i(whole));
}

// x^degree for x ≥ 0: whole powers by multiplication.
fn power(x: vec4f, degree: f32) -> vec4f {
  let whole = floor(degree);
  var result = vec4f(1.0);
  for (var i = 0.0; i < whole; i += 1.0) {
    result *= x;
  }
  if (degree > whole) {
    result *= select(vec4f(), fraction_power(max(x, vec4f(1.2e-38)), degree - whole), x > vec4f());
  }
  return result;
}

fn rho(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: { return logistic(4.0 * s - 2.0); }
    case TANH: { return accurate_tanh(parameter * s); }
    case RELU: { return max(s, vec4f()); }
    case RECTIFIED_POLYNOMIAL: { return power(max(s, vec4f()), parameter); }
    default: { return s; }
  }
}

// 1 / cosh² x, without overflow for large |x|.
fn sech_squared(x: vec4f) -> vec4f {
  let e = exp(-2.0 * abs(x));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

fn slope(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: { return sech_squared(2.0 * s - 1.0); }
    case TANH: { return parameter * sech_squared(parameter * s); }
    case RELU: { return select(vec4f(), vec4f(1.0), s > vec4f()); }
    case RECTIFIED_POLYNOMIAL: {
      return select(vec4f(), parameter * power(max(s, vec4f()), parameter - 1.0), s > vec4f());
    }
    default: { return vec4f(1.0); }
  }
}

// ρ″(s) / ρ′(s), for s where ρ′ > 0.
fn bend_over_slope(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: { return -4.0 * accurate_tanh(2.0 * s - 1.0); }
    case TANH: { return -2.0 * parameter * accurate_tanh(parameter * s); }
    case RECTIFIED_POLYNOMIAL: {
      return select(vec4f(), (parameter - 1.0) / s, s > vec4f());
    }
    default: { return vec4f(); }
  }
}

// |x| e / (1 + e), e = e^−a: zero beyond the range of e, however large x is.
fn tail(x: vec4f, e: vec4f) -> vec4f {
  return select(vec4f(), min(abs(x), vec4f(200.0)) * e / (1.0 + e), e > vec4f());
}

// (x·tanh x − ln cosh x) / gain with x = gain · s: near zero Σ ρ²ᵏ / (2k (2k − 1)) / gain with ρ = tanh x. There ρ / gain
// comes first, for ρ² may be too small for a float32 where s² · gain is not.
fn tanh_conjugate(gain: f32, s: vec4f) -> vec4f {
  let a = abs(gain * s);
  let t = tanh_near_zero(min(a, vec4f(0.5)));
  let q = t * t;
  var sum = vec4f(1.0 / 240.0);
  for (var k = 14.0; k > 0.0; k -= 2.0) {
    sum = sum * q + 1.0 / (k * (k - 1.0));
  }
  let e = exp(-2.0 * a);
  let far = 0.69314718 - log_one_plus(e) - 2.0 * tail(a, e);
  return select(far / gain, t / gain * t * sum, a < vec4f(0.5));
}

// s·ρ(s) − Λ(s), as closed forms: the difference itself would cancel.
fn conjugate(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: {
      let z = 4.0 * s - 2.0;
      let e = exp(-abs(z));
      return 0.5 * logistic(z) - 0.25 * (log_one_plus(e) + tail(z, e));
    }
    case TANH: { return tanh_conjugate(parameter, s); }
    case RELU: { return 0.5 * max(s, vec4f()) * max(s, vec4f()); }
    case RECTIFIED_POLYNOMIAL: {
      return parameter / (parameter + 1.0) * power(max(s, vec4f()), parameter + 1.0);
    }
    default: { return 0.5 * s * s; }
  }
}

fn log_cosh(x: vec4f) -> vec4f {
  let a = abs(x);
  return a + log_one_plus(exp(-2.0 * a)) - 0.69314718;
}
