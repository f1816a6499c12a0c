// Tensors of an ONNX file: just enough of protobuf to find them, in the subgraphs of If nodes too.

// Fields of a message as [number, value]; a value of wire type 2 is a part of the buffer.
function* fields(buffer) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length) => buffer.subarray(at, (at += length));
  while (at < buffer.length) {
    const key = Number(varint());
    const number = key >> 3;
    if ((key & 7) === 0) yield [number, varint()];
    else if ((key & 7) === 1) yield [number, bytes(8)];
    else if ((key & 7) === 2) yield [number, bytes(Number(varint()))];
    else if ((key & 7) === 5) yield [number, bytes(4)];
    else throw new Error(`wire type ${key & 7}`);
  }
}

const all = (message, number) => [...fields(message)].filter(([n]) => n === number).map(([, value]) => value);
const first = (message, number) => all(message, number)[0];

// TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9.
const tensor = (message) => ({
  name: first(message, 8)?.toString() ?? "",
  type: Number(first(message, 2) ?? 0n),
  dims: all(message, 1).map(Number),
  raw: first(message, 9) ?? Buffer.alloc(0),
});

// GraphProto: node = 1, initializer = 5. NodeProto: output = 2, attribute = 5. AttributeProto: t = 5, g = 6.
function* graph(message) {
  for (const initializer of all(message, 5)) yield tensor(initializer);
  for (const node of all(message, 1)) {
    for (const attribute of all(node, 5)) {
      for (const value of all(attribute, 5)) yield { ...tensor(value), name: first(node, 2)?.toString() ?? "" };
      for (const subgraph of all(attribute, 6)) yield* graph(subgraph);
    }
  }
}

/** Every tensor of a model, constants under the name of the node's output. */
export const tensors = (model) => graph(first(model, 7));
