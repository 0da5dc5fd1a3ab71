// What an update does with four units once their drive from free units is known: the move to state t + 1, the new
// activity, and what that measures of residual and energy.
//
// Uses
//   activation.wgsl: rho
//   dispatched.wgsl or persistent.wgsl: activity_row
//   dynamics.wgsl: map, target_of
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: Layer, MEASURES_NEXT, MEASURES_NONE, SOFTMAX, Terms, run, samples, states, terms, unit_constants
//   norm.wgsl: norm
//   prelude.wgsl: row

fn advance(layer: Layer, sample: u32, local: u32, t_next: u32, free_drive: vec4f) {
  let at = sample * run.width + local;
  let next_at = row(t_next & 1u, sample) + local;
  let old_at = row(1u - (t_next & 1u), sample) + local;
  let input = unit_constants[at];
  let drive = input.constant_drive + free_drive;
  let s = states[old_at];
  let before = states[next_at];
  var damping = select(run.damping, run.first_damping, t_next == 1u);
  if (run.fits_omega == 1u) {
    damping = 1.0 - samples[sample].omega;
  }
  let goal = target_of(layer.activation, layer.parameter, s, drive);
  let towards = select(damping * s + (1.0 - damping) * goal, before, pass_.measure_only == 1u);
  let moved = select(s, towards, input.free > vec4f());

  if (pass_.measures != MEASURES_NONE) {
    let measures_next = pass_.measures == MEASURES_NEXT;
    let about = select(s, moved, measures_next);
    let f = map(layer.activation, layer.parameter, about, drive);
    let miss = input.free * (f - about);
    let step = input.free * select(s - before, moved - s, measures_next);
    let cycle = input.free * (moved - before);
    let measured = row(select(t_next + 1u, t_next, measures_next) & 1u, sample) + local;
    terms[measured] = Terms(
      norm(miss),
      norm(input.free * f),
      norm(step),
      norm(cycle),
      free_drive,
    );
  }

  states[next_at] = moved;
  if (layer.activation != SOFTMAX) {
    activity[activity_row(t_next & 1u, sample) + local] = input.free * rho(layer.activation, layer.parameter, moved);
  }
}
