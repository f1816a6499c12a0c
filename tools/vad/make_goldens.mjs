// Writes beside tests/data/vad the speech probabilities that ONNX Runtime computes with Silero VAD.
//
//   npm install --no-save --ignore-scripts onnxruntime-node@1.20.1
//   node tools/vad/make_goldens.mjs silero_vad.onnx tests/data/vad RECORDING.wav...
//
// Run it from the repository root. Recordings are WAV files of 16 bits, 16 kHz, one channel, with a plain header; a sample is its value / 32768.
// NAME.f32 receives a probability for each 512 samples, the last of which are filled up with zeros.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const Frame = 512;
const Context = 64;
const { InferenceSession, Tensor } = createRequire(join(process.cwd(), "package.json"))("onnxruntime-node");

const [, , model, folder, ...recordings] = process.argv;
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
for (const recording of recordings) {
  const samples = samplesOf(readFileSync(recording));
  const frames = Math.ceil(samples.length / Frame);
  const padded = new Float32Array(Context + frames * Frame);
  padded.set(samples, Context);
  const probabilities = new Float32Array(frames);
  let state = new Tensor("float32", new Float32Array(2 * 128), [2, 1, 128]);
  for (let i = 0; i < frames; i++) {
    const input = new Tensor("float32", padded.slice(i * Frame, i * Frame + Context + Frame), [1, Context + Frame]);
    const { output, stateN } = await session.run({ input, state, sr: new Tensor("int64", [16000n], []) });
    probabilities[i] = output.data[0];
    state = stateN;
  }
  writeFileSync(join(folder, basename(recording, ".wav") + ".f32"), new Uint8Array(probabilities.buffer));
  console.log(`${recording}: ${frames} frames`);
}

function samplesOf(wav) {
  for (let at = 12; ; at += 8 + wav.readUInt32LE(at + 4)) {
    if (wav.toString("latin1", at, at + 4) !== "data") continue;
    const data = wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
    return Float32Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(2 * i) / 32768);
  }
}
