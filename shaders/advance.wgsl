// What an update does with four units once their drive from free units is known: the move to state t + 1, the new
// activity, and what that tells about residual and energy.

fn advance(layer: Layer, sample: u32, local: u32, t_next: u32, from_free: vec4f) {
  let at = sample * run.width + local;
  let next_at = row(t_next & 1u, sample) + local;
  let old_at = row(1u - (t_next & 1u), sample) + local;
  let input = inputs[at];
  let drive = input.drive + from_free;
  let s = states[old_at];
  let before = states[next_at];
  var damping = select(run.damping, run.first_damping, t_next == 1u);
  if (run.fits_omega == 1u) {
    damping = 1.0 - samples[sample].omega;
  }
  let goal = target_of(layer.activation, layer.parameter, s, drive);
  let towards = select(damping * s + (1.0 - damping) * goal, before, pass_.hold == 1u);
  let moved = select(s, towards, input.free > vec4f());

  if (pass_.tells != TELLS_NOTHING) {
    let tells_new = pass_.tells == TELLS_NEW;
    let about = select(s, moved, tells_new);
    let f = map(layer.activation, layer.parameter, about, drive);
    let miss = input.free * (f - about);
    let step = input.free * select(s - before, moved - s, tells_new);
    let cycle = input.free * (moved - before);
    let told = row(select(t_next + 1u, t_next, tells_new) & 1u, sample) + local;
    terms[told] = Terms(
      norm(miss),
      norm(input.free * f),
      norm(step),
      norm(cycle),
      from_free,
    );
  }

  states[next_at] = moved;
  if (layer.activation != SOFTMAX) {
    activity[activity_row(t_next & 1u, sample) + local] = input.free * rho(layer.activation, layer.parameter, moved);
  }
}
