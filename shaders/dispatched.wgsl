// Where a dispatch performs one pass of the plan: where activities are, and who lists the samples that run.
//
// Uses
//   interface.wgsl: NOBODY, run, samples
//   prelude.wgsl: THREADS, row, runs

// The first vec4 of a sample's activities in one of the two slots.
fn activity_row(slot: u32, sample: u32) -> u32 {
  return row(slot, sample);
}

var<workgroup> checked_all: u32;
var<workgroup> running_before: array<u32, THREADS>;

// Lists the samples that run, for the tiles of the next updates: one workgroup does it, each thread for a stretch.
fn list_running(thread: u32) {
  let stretch = (run.batch + THREADS - 1u) / THREADS;
  let first = min(thread * stretch, run.batch);
  let end = min(first + stretch, run.batch);
  var count = 0u;
  for (var i = first; i < end; i += 1u) {
    count += select(0u, 1u, runs(i));
  }
  running_before[thread] = count;
  workgroupBarrier();
  var at = 0u;
  var all = 0u;
  for (var i = 0u; i < run.threads; i += 1u) {
    at += select(0u, running_before[i], i < thread);
    all += running_before[i];
  }
  for (var i = first; i < end; i += 1u) {
    if (runs(i)) {
      samples[at].running = i;
      at += 1u;
    }
  }
  for (var i = all + thread; i < run.batch; i += THREADS) {
    samples[i].running = NOBODY;
  }
}

// The workgroup that checks the last of all samples lists those that run. Every thread must come here.
fn note_checked(thread: u32) {
  if (thread == 0u) {
    checked_all = 0u;
    if (run.lists == 1u && atomicAdd(&samples[run.batch].stop, 1u) == run.batch - 1u) {
      checked_all = 1u;
      atomicStore(&samples[run.batch].stop, 0u);
    }
  }
  if (workgroupUniformLoad(&checked_all) == 1u) {
    list_running(thread);
  }
}
