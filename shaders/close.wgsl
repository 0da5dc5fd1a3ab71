// Where the solver does not look back, finishing a state is closing it.

fn finish(sample: u32, thread: u32) {
  close_state(sample, thread);
}
