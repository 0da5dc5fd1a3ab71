// A step of a connection's weights: a thread has one 4 × 4 matrix. It adds up h vᵀ + v hᵀ of both ends over the batch, and over its
// steps where these are unrolled, lets the optimiser move the matrix, and puts it in its two places: towards `to`, and transposed towards `from`.
//
// Uses
//   adam.wgsl or madam.wgsl or sgd.wgsl: follow
//   interface.wgsl: activities, adjoint, parameter_, run, step_, weights

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let i = thread.x;
  let j = thread.y;
  if (i >= parameter_.source_vec4_count || j >= parameter_.vec4_count) {
    return;
  }
  var gradient = mat4x4f();
  let inner = parameter_.source_learns == 1u;
  let end_row = select(run.batch, step_.end_row, inner);
  for (var r = select(0u, step_.first_row, inner); r < end_row; r += 1u) {
    let source = r * run.width + parameter_.source + i;
    let end = r * run.width + parameter_.start + j;
    let h = activities[source];
    let v = adjoint[end];
    gradient += mat4x4f(h.x * v, h.y * v, h.z * v, h.w * v);
    if (inner) {
      let u = adjoint[source];
      let k = activities[end];
      gradient += mat4x4f(u.x * k, u.y * k, u.z * k, u.w * k);
    }
  }
  let place = j * parameter_.source_vec4_count + i;
  var matrix = weights[parameter_.forward + place];
  for (var c = 0u; c < 4u; c += 1u) {
    matrix[c] = follow(matrix[c], gradient[c], parameter_.moments + 4u * place + c);
  }
  weights[parameter_.forward + place] = matrix;
  weights[parameter_.backward + i * parameter_.vec4_count + j] = transpose(matrix);
}
