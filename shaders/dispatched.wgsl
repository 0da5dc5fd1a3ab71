// Where a dispatch performs one pass of the plan, it finds its pass, the tables and the activities here.

@group(0) @binding(1) var<uniform> pass_: Pass;
@group(0) @binding(2) var<storage, read> layers: array<Layer>;
// ρ of the free units and 0 of all others: [2][batch][width].
@group(0) @binding(4) var<storage, read_write> activity: array<vec4f>;
@group(1) @binding(0) var<storage, read> edges: array<Edge>;

// The first group of a sample's activities in one of the two slots.
fn activity_row(slot: u32, sample: u32) -> u32 {
  return row(slot, sample);
}
