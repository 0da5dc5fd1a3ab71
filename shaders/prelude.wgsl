// What every kernel uses, on the interface that stands in front of it.
//
// Uses
//   interface.wgsl: run, samples

// Threads of a workgroup that works on one sample.
override THREADS: u32 = 64u;

fn runs(sample: u32) -> bool {
  return atomicLoad(&samples[sample].stop) == 0u;
}

// The first vec4 of a sample in one of the two slots.
fn row(slot: u32, sample: u32) -> u32 {
  return (slot * run.batch + sample) * run.width;
}
