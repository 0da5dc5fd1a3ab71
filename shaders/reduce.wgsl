// What the threads of a workgroup find out together. Each adds up the parts of all by itself: two barriers and no tree,
// which for these few numbers is as fast on a GPU, and far quicker to compile for a software adapter. So is a loop whose
// length the compiler does not know: unrolled, these sums are most of a kernel.
//
// Uses
//   interface.wgsl: run
//   prelude.wgsl: THREADS

var<workgroup> parts: array<vec4f, THREADS>;

// The sum over all threads, for every thread. Every thread must come here.
fn total(value: vec4f, thread: u32) -> vec4f {
  parts[thread] = value;
  workgroupBarrier();
  var sum = vec4f();
  for (var i = 0u; i < run.threads; i += 1u) {
    sum += parts[i];
  }
  workgroupBarrier();
  return sum;
}

// The highest over all threads, for every thread. Every thread must come here.
fn highest(value: f32, thread: u32) -> f32 {
  parts[thread].x = value;
  workgroupBarrier();
  var top = value;
  for (var i = 0u; i < run.threads; i += 1u) {
    top = max(top, parts[i].x);
  }
  workgroupBarrier();
  return top;
}
