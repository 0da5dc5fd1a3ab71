// Madam's step of four weights w with gradients g: see `src/engine/learning.ts`. `moments` holds the running mean of g².
//
// Uses
//   interface.wgsl: moments, parameter_, step_

override BETA: f32;
override BOUND: f32;
override CUBIC: f32;

fn follow(w: vec4f, g: vec4f, at: u32) -> vec4f {
  let squares = BETA * moments[at] + (1.0 - BETA) * g * g;
  moments[at] = squares;
  // 0 / 0 counts as 0.
  let relative = select(vec4f(), g * inverseSqrt(squares / step_.seen), squares > vec4f());
  let x = -step_.rate * sign(w) * clamp(relative, vec4f(-BOUND), vec4f(BOUND));
  // The built-in exp may be off by last bits that are as large as steps get.
  let near = 1.0 + x * (1.0 + x * (0.5 + x / 6.0));
  let moved = w * select(exp(x), near, abs(x) <= vec4f(CUBIC));
  return clamp(moved, vec4f(-parameter_.largest), vec4f(parameter_.largest));
}
