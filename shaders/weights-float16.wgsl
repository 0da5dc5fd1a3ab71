// Weights as float16, two to a word: half the bytes to read. Every adapter can unpack them, with or without float16
// arithmetic, and sums stay float32.

alias Stored = array<vec2u, 4>;

fn column_of(stored: vec2u) -> vec4f {
  return vec4f(unpack2x16float(stored.x), unpack2x16float(stored.y));
}
