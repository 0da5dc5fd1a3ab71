// One step of conjugate gradients on (I − K D) p = K g, in the inner product of D: see `src/train/implicit.ts`. Two halves of the
// adjoint have made K D d of the direction d; the first time it is K g. One workgroup a sample. A sample that is done stays as
// it is.
//
// Uses
//   interface.wgsl: CONJUGATE_DONE, CONJUGATE_NEW, CONJUGATE_NO_MINIMUM, CONJUGATE_RUNS, adjoint, adjoint_samples, adjoint_solve, run, unit_kinds
//   prelude.wgsl: THREADS
//   reduce.wgsl: total

// On ‖r‖, of the ‖K g‖ that it begins with.
override TOLERANCE: f32 = 0.01;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let sample = block.x;
  let first = sample * run.width;
  let before = adjoint_samples[sample];
  let is_new = before.stage == CONJUGATE_NEW;

  // ⟨K g, K g⟩ the first time, then ⟨d, (I − K D) d⟩.
  var sum = 0.0;
  for (var i = thread; i < run.width; i += THREADS) {
    if (unit_kinds[i].solved == 1u) {
      let own = adjoint_solve[first + i];
      let product = adjoint[first + i];
      if (is_new) {
        sum += dot(own.slope * product, product);
      } else {
        sum += dot(own.slope * own.direction, own.direction - product);
      }
    }
  }
  let curvature = total(vec4f(sum), thread).x;
  let moves = before.stage == CONJUGATE_RUNS && curvature > 0.0;
  var step = 0.0;
  if (moves) {
    step = before.weight / curvature;
  }

  sum = 0.0;
  for (var i = thread; i < run.width; i += THREADS) {
    if (unit_kinds[i].solved == 1u) {
      let at = first + i;
      let product = adjoint[at];
      if (is_new) {
        adjoint_solve[at].residual = product;
      } else if (moves) {
        let direction = adjoint_solve[at].direction;
        adjoint_solve[at].solution += step * direction;
        adjoint_solve[at].residual -= step * (direction - product);
      }
      let residual = adjoint_solve[at].residual;
      sum += dot(adjoint_solve[at].slope * residual, residual);
    }
  }
  let weight = total(vec4f(sum), thread).x;

  for (var i = thread; i < run.width; i += THREADS) {
    if (unit_kinds[i].solved == 1u) {
      let at = first + i;
      if (is_new) {
        adjoint_solve[at].direction = adjoint_solve[at].residual;
      } else if (moves) {
        adjoint_solve[at].direction = adjoint_solve[at].residual + weight / before.weight * adjoint_solve[at].direction;
      }
      adjoint[at] = adjoint_solve[at].slope * adjoint_solve[at].direction;
    }
  }

  if (thread == 0u) {
    if (is_new) {
      adjoint_samples[sample].start = weight;
      adjoint_samples[sample].weight = weight;
      adjoint_samples[sample].stage = select(CONJUGATE_DONE, CONJUGATE_RUNS, weight > 0.0);
    } else if (moves) {
      adjoint_samples[sample].weight = weight;
      if (weight <= TOLERANCE * TOLERANCE * before.start) {
        adjoint_samples[sample].stage = CONJUGATE_DONE;
      }
    } else if (before.stage == CONJUGATE_RUNS) {
      adjoint_samples[sample].stage = CONJUGATE_NO_MINIMUM;
    }
  }
}
