// Adam's step of four weights w with gradients g: see `src/engine/learning.ts`. `moments` holds the running means of g, and
// from `second` on those of g².
//
// Uses
//   interface.wgsl: moments, step_

override BETA: f32;
override FIRST_BETA: f32;
override EPSILON: f32;

fn follow(w: vec4f, g: vec4f, at: u32) -> vec4f {
  let mean = FIRST_BETA * moments[at] + (1.0 - FIRST_BETA) * g;
  let squares = BETA * moments[step_.second + at] + (1.0 - BETA) * g * g;
  moments[at] = mean;
  moments[step_.second + at] = squares;
  return w - step_.rate * (mean / step_.seen_first) / (sqrt(squares / step_.seen) + EPSILON);
}
