// Behind conjugate gradients: v = g + D p where the adjoint was solved, with p no longer than it may be, and whether the state
// proved no minimum. One workgroup a sample.
//
// Uses
//   interface.wgsl: CONJUGATE_NO_MINIMUM, adjoint, adjoint_samples, adjoint_solve, outcomes, run, step_, unit_kinds
//   prelude.wgsl: THREADS
//   reduce.wgsl: total

// The largest ‖p‖ / ‖K g‖.
override AMPLIFICATION: f32 = 1e30;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let sample = block.x;
  let first = sample * run.width;
  var sum = 0.0;
  for (var i = thread; i < run.width; i += THREADS) {
    if (unit_kinds[i].solved == 1u) {
      let own = adjoint_solve[first + i];
      sum += dot(own.slope * own.solution, own.solution);
    }
  }
  let size = sqrt(total(vec4f(sum), thread).x);
  let bound = AMPLIFICATION * sqrt(adjoint_samples[sample].start);
  let share = select(1.0, bound / size, size > bound);
  for (var i = thread; i < run.width; i += THREADS) {
    if (unit_kinds[i].solved == 1u) {
      let own = adjoint_solve[first + i];
      adjoint[first + i] = own.gradient + own.slope * own.solution * share;
    }
  }
  if (thread == 0u) {
    let no_minimum = adjoint_samples[sample].stage == CONJUGATE_NO_MINIMUM;
    outcomes[step_.row * run.batch + sample].no_minimum = select(0u, 1u, no_minimum);
  }
}
