// C = A·B for square matrices, row-major. Each thread keeps four rows by four columns of C in registers, and waits for nobody.

override SIZE4: u32;

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y * 4u;
  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  for (var k = 0u; k < SIZE4; k++) {
    let below = 4u * k * SIZE4 + column;
    let b0 = b[below];
    let b1 = b[below + SIZE4];
    let b2 = b[below + 2u * SIZE4];
    let b3 = b[below + 3u * SIZE4];
    let a0 = a[row * SIZE4 + k];
    let a1 = a[(row + 1u) * SIZE4 + k];
    let a2 = a[(row + 2u) * SIZE4 + k];
    let a3 = a[(row + 3u) * SIZE4 + k];
    s0 += a0.x * b0 + a0.y * b1 + a0.z * b2 + a0.w * b3;
    s1 += a1.x * b0 + a1.y * b1 + a1.z * b2 + a1.w * b3;
    s2 += a2.x * b0 + a2.y * b1 + a2.z * b2 + a2.w * b3;
    s3 += a3.x * b0 + a3.y * b1 + a3.z * b2 + a3.w * b3;
  }
  c[row * SIZE4 + column] = s0;
  c[(row + 1u) * SIZE4 + column] = s1;
  c[(row + 2u) * SIZE4 + column] = s2;
  c[(row + 3u) * SIZE4 + column] = s3;
}
