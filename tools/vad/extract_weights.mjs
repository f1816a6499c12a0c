// Writes the weights of the 16 kHz branch of Silero VAD, as they are, one tensor after the other.
//
//   node tools/vad/extract_weights.mjs silero_vad.onnx models/silero-vad/silero-vad-16k.f32
//
// The file is bare: float32, little-endian, in the order and the shapes that the script prints and models/silero-vad/README.md lists.

import { readFileSync, writeFileSync } from "node:fs";
import { tensors } from "./onnx.mjs";

const Branch = "If_0_then_branch__Inline_0__";
const Names = [
  "stft.forward_basis_buffer",
  ...[0, 1, 2, 3].flatMap((i) => [`encoder.${i}.reparam_conv.weight`, `encoder.${i}.reparam_conv.bias`]),
  "decoder.rnn.weight_ih",
  "decoder.rnn.weight_hh",
  "decoder.rnn.bias_ih",
  "decoder.rnn.bias_hh",
  "decoder.decoder.2.weight",
  "decoder.decoder.2.bias",
];

const [, , model, target] = process.argv;
const found = new Map([...tensors(readFileSync(model))].map((entry) => [entry.name, entry]));
const parts = Names.map((name) => {
  const { type, dims, raw } = found.get(Branch + name);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (type !== 1 || raw.length !== 4 * count) throw new Error(`${name}: float32 of ${dims} expected`);
  console.log(`${name} [${dims.join(", ")}]`);
  return raw;
});
writeFileSync(target, Buffer.concat(parts));
