// Writes tests/data/tokenizer/pre-token-cases.json: strings, cut by Oniguruma with the expression of Qwen2's tokenizer.json.
// Oniguruma is the expression engine of the HuggingFace tokenizers library, which the reference encodes with.
//
//   npm install --no-save vscode-oniguruma@2.0.1
//   node tools/tokenizer/make_pre_token_cases.mjs
//
// Run it from the repository root.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(join(process.cwd(), "package.json"));
const { OnigScanner, OnigString, loadWASM } = createRequire(import.meta.url)(resolve("vscode-oniguruma"));
await loadWASM(readFileSync(join(dirname(resolve("vscode-oniguruma")), "onig.wasm")));

const pattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const scanner = new OnigScanner([pattern]);

function cut(text) {
  const subject = new OnigString(text);
  const pieces = [];
  for (let start = 0; start < text.length; ) {
    const [match] = scanner.findNextMatchSync(subject, start).captureIndices;
    if (match.start !== start) throw new Error(`nothing matches at ${start} of ${JSON.stringify(text)}`);
    pieces.push(text.slice(match.start, match.end));
    start = match.end;
  }
  subject.dispose();
  return pieces;
}

const texts = [
  "Hello, world!", "don't I'll we've they're he'd I'm it's", "DON'T I'LL WE'VE THEY'RE HE'D I'M IT'S", "'sx'S'tT'mm'dd'rer'vev'lll'l'r'v'", "''s'", " 's x't",
  "'\u017Fabc", "'\u212Ax", "'\uFB06x", "x'\u{1D4AE}", "a  b", "a   ", "   ", " a", "\ta", "\t\ta", "a\n", "\n a", " \n\n  a", " \r\n \t x", "\r\r", "a\u0085b\u0085\u0085c",
  "\u00A0a\u00A0\u00A0b", "\uFEFFa \uFEFF b", "\u180Ea", "x\u200B y", "\u001Cx \u001C\u001D", "\u2028\u2029x", "\u3000\u3000字", "!\n\n x", " !\r\n\r\n", "  !!  ??", "--\n--",
  "123 45", " 1", "\u00BD\u2167\u0663", "x1y2", "\u{1D7D9}\u{1D7DA}", "\u{10400}\u{10428}x", " \u{10400}", "\u{1F642}\u{10400}", "\u{1F642} \u{1F642}\n", "\u{1F468}\u200D\u{1F469}",
  "e\u0301e\u0301", "\u0301\u0301e", "\u0E01\u0E31\u0E19", "\u0928\u092E\u0938\u094D\u0924\u0947", "\u{20000}\u{2A6DF}字", "\u{1E900}\u{1E922}", "a\u{E0001}b", "_a_b_", "a.b.c", "$\u00A35 \u20AC",
];

// Numerical Recipes' linear congruential generator.
let state = 19680101;
const next = (bound) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
};
const pool = [
  ..."    \n\r\tabsStTmMdDlLvVrReE''''09.,!-", "\u00A0", "\u0085", "\u3000", "\u2028", "\uFEFF", "\u0301", "\u017F", "\u00BD", "\u0663", "\u0E31", "字", "か", "글", "é",
  "\u{1F642}", "\u{10400}", "\u{1D7D9}", "\u{1E922}", "\u{20000}", "\u{E0001}",
];
const count = Number(process.argv[2] ?? 300);
for (let i = 0; i < count; i++) texts.push(Array.from({ length: 2 + next(22) }, () => pool[next(pool.length)]).join(""));

const cases = texts.map((text) => ({ text, pieces: cut(text) }));
const target = process.argv[3] ?? "tests/data/tokenizer/pre-token-cases.json";
writeFileSync(target, "[" + cases.map((item) => JSON.stringify(item)).join(",\n") + "]\n");
console.log(`${cases.length} cases`);
