// A further step of some layers, as `src/train/unrolled.ts` takes it: where their units move, and how that changes with their own
// state and with their drive. `activity` is `activities` here. What neighbours read in step k stands in block k: so a pass
// reads one block and puts its new activities into that, or into the next.
//
// Uses
//   activation.wgsl: bend_over_slope, rho, slope
//   dynamics.wgsl: LOCAL_DAMPING, LOCAL_STEPS, map, target_of
//   interface.wgsl or persistent.wgsl: activity, pass_
//   interface.wgsl: UNIT_EXACT, UNIT_MAP, run, unit_constants, unrolled, unrolled_moves
//   prelude.wgsl: row
//   product-lanes.wgsl or product-tiles.wgsl: SIZE_X, SIZE_Y, VEC4S, drive_of, holds, place_of, vec4_of
//   product-rows.wgsl: every_row
//   product.wgsl: layer_of

override DAMPING: f32 = 0.0;

struct Derivatives {
  by_self: vec4f,
  by_drive: vec4f,
}

// ρ″(s)
fn bend(kind: u32, parameter: f32, s: vec4f) -> vec4f {
  return slope(kind, parameter, s) * bend_over_slope(kind, parameter, s);
}

// Of where four units move, before damping: `src/train/unit-derivatives.ts`.
fn derivatives_of(kind: u32, parameter: f32, s: vec4f, goal: vec4f, drive: vec4f) -> Derivatives {
  if (run.chn == 0u) {
    return Derivatives(vec4f(), vec4f(1.0));
  }
  if (pass_.unit_update == UNIT_MAP) {
    return Derivatives(bend(kind, parameter, s) * drive, slope(kind, parameter, s));
  }
  if (pass_.unit_update == UNIT_EXACT) {
    return Derivatives(vec4f(), slope(kind, parameter, goal) / (1.0 - bend(kind, parameter, goal) * drive));
  }
  var moved = s;
  var by = Derivatives(vec4f(1.0), vec4f());
  for (var i = 0u; i < LOCAL_STEPS; i += 1u) {
    let stays = LOCAL_DAMPING + (1.0 - LOCAL_DAMPING) * bend(kind, parameter, moved) * drive;
    by.by_self *= stays;
    by.by_drive = stays * by.by_drive + (1.0 - LOCAL_DAMPING) * slope(kind, parameter, moved);
    moved = LOCAL_DAMPING * moved + (1.0 - LOCAL_DAMPING) * map(kind, parameter, moved, drive);
  }
  return by;
}

@compute @workgroup_size(SIZE_X, SIZE_Y)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let layer = layer_of(block.x);
  let vec4_index = (block.x - layer.first_block) * VEC4S + vec4_of(thread.xy);
  let rows = every_row(block.y, thread.xy, pass_.reads);
  let drives = drive_of(layer, vec4_index, rows, thread.xy);
  if (vec4_index < layer.vec4_count && holds(thread.xy)) {
    for (var k = 0u; k < TILE; k += 1u) {
      let sample = place_of(block.y, thread.xy, k);
      if (sample < run.batch) {
        let local = layer.start + vec4_index;
        let at = row(0u, sample) + local;
        let input = unit_constants[at];
        let drive = input.constant_drive + drives[k];
        let s = unrolled[at].state;
        let goal = target_of(layer.activation, layer.parameter, s, drive);
        let by = derivatives_of(layer.activation, layer.parameter, s, goal, drive);
        let moved = select(s, DAMPING * s + (1.0 - DAMPING) * goal, input.free > vec4f());
        unrolled[at].state = moved;
        let now = row(pass_.reads, sample) + local;
        unrolled_moves[now].by_self = DAMPING + (1.0 - DAMPING) * by.by_self;
        unrolled_moves[now].by_drive = input.free * (1.0 - DAMPING) * by.by_drive;
        let next = row(pass_.writes, sample) + local;
        unrolled_moves[next].slope = slope(layer.activation, layer.parameter, moved);
        activity[next] = input.free * rho(layer.activation, layer.parameter, moved);
      }
    }
  }
}
