// Weights as they are: a matrix holds four columns of four.

alias Stored = mat4x4f;

fn column_of(stored: vec4f) -> vec4f {
  return stored;
}
