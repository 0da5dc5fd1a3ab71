// Activations ρ and Lagrangians Λ of four units at a time. Softmax needs its whole layer: see softmax.wgsl.

const IDENTITY = 0u;
const SIGMOID = 1u;
const TANH = 2u;
const RELU = 3u;
const RECTIFIED_POLYNOMIAL = 4u;
const SOFTMAX = 5u;

// Built from e^(−2|x|), which cannot overflow; the built-in tanh may.
fn safe_tanh(x: vec4f) -> vec4f {
  let e = exp(-2.0 * abs(x));
  return sign(x) * (1.0 - e) / (1.0 + e);
}

// ln(1 + x) for 0 ≤ x ≤ 1, as 2 artanh(x / (2 + x)), to float precision. The built-in log may be off by 2⁻²¹ here,
// which an energy, a small difference of large sums, would show.
fn log_one_plus(x: vec4f) -> vec4f {
  let z = x / (2.0 + x);
  let q = z * z;
  var sum = vec4f(1.0 / 15.0);
  for (var odd = 13.0; odd > 0.0; odd -= 2.0) {
    sum = sum * q + 1.0 / odd;
  }
  return 2.0 * z * sum;
}

fn softplus(x: vec4f) -> vec4f {
  return max(x, vec4f()) + log_one_plus(exp(-abs(x)));
}

// x^degree for x ≥ 0: whole powers by multiplication, which keeps full precision, the rest by pow.
fn power(x: vec4f, degree: f32) -> vec4f {
  let whole = floor(degree);
  var result = vec4f(1.0);
  for (var i = 0.0; i < whole; i += 1.0) {
    result *= x;
  }
  if (degree > whole) {
    result *= select(vec4f(), pow(x, vec4f(degree - whole)), x > vec4f());
  }
  return result;
}

fn rho(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: { return 1.0 / (1.0 + exp(2.0 - 4.0 * s)); }
    case TANH: { return safe_tanh(parameter * s); }
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

fn log_cosh(x: vec4f) -> vec4f {
  let a = abs(x);
  return a + log_one_plus(exp(-2.0 * a)) - 0.69314718;
}

fn lagrangian(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  switch kind {
    case SIGMOID: { return 0.25 * softplus(4.0 * s - 2.0); }
    case TANH: {
      return log_cosh(parameter * s) / parameter;
    }
    case RELU: { return 0.5 * max(s, vec4f()) * max(s, vec4f()); }
    case RECTIFIED_POLYNOMIAL: { return power(max(s, vec4f()), parameter + 1.0) / (parameter + 1.0); }
    default: { return 0.5 * s * s; }
  }
}
