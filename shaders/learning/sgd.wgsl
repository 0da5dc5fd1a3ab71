// Steepest descent with momentum: m ← momentum · m + g, w ← w − rate · m.
//
// Uses
//   interface.wgsl: moments, step_

override MOMENTUM: f32;

fn follow(w: vec4f, g: vec4f, at: u32) -> vec4f {
  let moment = MOMENTUM * moments[at] + g;
  moments[at] = moment;
  return w - step_.rate * moment;
}
