// The gradient of the loss ½ Σ (s − y)² / batch in the states of the output layer, y being 1 for the label's class.
//
// Uses
//   interface.wgsl: outcomes, run, step_

fn output_gradient(i: u32, sample: u32, s: vec4f) -> vec4f {
  if (i < step_.output || i >= step_.output + (step_.classes + 3u) / 4u) {
    return vec4f();
  }
  let unit = (i - step_.output) * 4u + vec4u(0u, 1u, 2u, 3u);
  let label = vec4u(outcomes[step_.row * run.batch + sample].label);
  return (s - select(vec4f(), vec4f(1.0), unit == label)) / f32(run.batch);
}
