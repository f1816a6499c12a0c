// Writes beside a GGUF file what the parser of HuggingFace finds in it.
//
//   npm install --no-save @huggingface/gguf@0.4.6
//   node tools/gguf/describe.mjs tests/data/gguf/small.gguf
//
// Run it from the repository root. Whole numbers are written as texts, as JSON numbers are too small for them.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { gguf, GGMLQuantizationType } = createRequire(join(process.cwd(), "package.json"))("@huggingface/gguf");

const path = process.argv[2];
const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true });
const plain = (value) =>
  typeof value === "bigint" || Number.isInteger(value) ? value.toString() : Array.isArray(value) ? value.map(plain) : value;
const description = {
  dataOffset: tensorDataOffset.toString(),
  metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, plain(value)])),
  tensors: tensorInfos.map((tensor) => ({
    name: tensor.name,
    shape: tensor.shape.map((dimension) => dimension.toString()),
    type: GGMLQuantizationType[tensor.dtype],
    offset: tensor.offset.toString(),
  })),
};
writeFileSync(path.replace(/\.gguf$/, ".json"), JSON.stringify(description, null, 1) + "\n");
