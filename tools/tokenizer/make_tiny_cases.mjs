// Writes tests/data/tokenizer/tiny-cases.json: strings with the ids that the HuggingFace tokenizer gives them for models/tiny-asr.
//
//   npm install --no-save @huggingface/tokenizers@0.2.0
//   node tools/tokenizer/make_tiny_cases.mjs
//
// Run it from the repository root. That package reads only tokenizer.json, so one is put together from the checkpoint's files first.
// Its expression engine is JavaScript's, whose \s also takes U+FEFF and leaves U+0085 out: no case contains either.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { Tokenizer } = createRequire(join(process.cwd(), "package.json"))("@huggingface/tokenizers");

const model = "models/tiny-asr";
const config = JSON.parse(readFileSync(`${model}/tokenizer_config.json`, "utf8"));
const merges = readFileSync(`${model}/merges.txt`, "utf8").split("\n").slice(1).filter((line) => line.length > 0);
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
const pattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const json = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: Object.entries(config.added_tokens_decoder).map(([id, token]) => ({ id: Number(id), ...token })),
  normalizer: { type: "NFC" },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [{ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false }, byteLevel],
  },
  post_processor: byteLevel,
  decoder: byteLevel,
  model: {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    byte_fallback: false,
    vocab: JSON.parse(readFileSync(`${model}/vocab.json`, "utf8")),
    merges,
  },
};
const tokenizer = new Tokenizer(json, config);

const texts = [
  "", "a", " ", "  ", "   x", "x   ", "\n", "\n\n", " \n ", "a \n b", "a\r\nb", "\r\n\r\n  end", "\t", "\ttab\ttab", "a\n\n\n b",
  "One.", "one two three", "Turn on the light.", "Turn off the radio, please.", "Good morning!", "Thank you very much.",
  "What time is it?", "twenty-five", "nineteen", "zero one two three four five six seven eight nine ten",
  "一二三四五", "二百五十", "九十", "你好。", "谢谢!", "uno dos tres", "buenos días", "¿Qué hora es?", "eins zwei fünf", "Guten Morgen", "fünfundzwanzig",
  "language English", "language English<asr_text>One two.", "language Chinese<asr_text>一二。", "language None<asr_text>", "<asr_text><asr_text>",
  "<|im_start|>system\n<|im_end|>\n<|im_start|>user\n<|audio_start|><|audio_pad|><|audio_end|><|im_end|>\n<|im_start|>assistant\n",
  "x<|endoftext|>y", "<|im_start|", "<|im_start |>", "<<asr_text>>", "a<timestamp>b<timestamp>", "< asr_text>", "<ASR_TEXT>", "don<asr_text>'t",
  "don't we'll I'm you've they're he'd it's", "DON'T WE'LL I'M YOU'VE THEY'RE HE'D IT'S", "'Sup 'tis 'Re 'lLama 'x", "''s", "'s's", "rock'n'roll",
  "1234567890", "3.14", "٣٤٥", "½⅔Ⅷ②", "1a2b3c", "a1", "1 2  3", "x1.5y", "$5.00", "100%",
  "cafe\u0301", "café", "e\u0323\u0302", "e\u0302\u0323", "a\u0308\u0301", "\u0301a", "\u212B", "\u2126", "\uFB01", "\u1100\u1161\u11A8", "한국어", "q\u0323\u0307", "ṩ",
  "\uAC00\u11A8", "\u0958", "\u{1D15E}", "ガ", "か\u3099", "𝒳𝓎 𝟙𝟚", "𐐀𐐨", "🙂👍🏽", "👨\u200D👩\u200D👧", " 🙂 ", "a🙂b", "🇩🇪",
  "Привет, мир!", "Γειά σου", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดีชาวโลก", "カタカナ ひらがな 漢字", "Xin chào", "Türkçe İı",
  "!!!", "...\n", " ...\n\n x", "--> <--", "a_b", "a-b", "#!@ ##", "# #", "\u00A0x\u00A0\u00A0y", "\u3000一\u3000", "a\u2003\u2003b", "a\u2028b", "\u200Ba\u200B",
  "if (x) {\n    return \"y\";\n}\n", "http://a.b/c?d=e&f=g#h", "x@y.zz",
];

// Numerical Recipes' linear congruential generator.
let state = 20250117;
const next = (bound) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
};
const pool = [
  ..." \n\t\rabcXYZ'stmdlevr019.,!?-<|>éüñß½一二字かガ글ก🙂𝒳𝟙", "\u0301", "\u0323", "\u00A0", "\u0308", "one", " two", "the", "<asr_text>", "<|im_end|>", "'ll",
];
for (let i = 0; i < 60; i++) texts.push(Array.from({ length: 4 + next(24) }, () => pool[next(pool.length)]).join(""));

const cases = texts.map((text) => {
  const { ids } = tokenizer.encode(text, { add_special_tokens: false });
  return { text, ids, decoded: ids.length === 0 ? "" : tokenizer.decode(ids, { skip_special_tokens: false }) };
});
writeFileSync("tests/data/tokenizer/tiny-cases.json", "[" + cases.map((item) => JSON.stringify(item)).join(",\n") + "]\n");
console.log(`${cases.length} cases`);
