/**
 * Says how far the estimates of tokens are off: `node scripts/measure-tokens.ts tiktoken.model FILE…` cuts the files into
 * pieces of 1,500 characters and compares each with the count by the vendor's published vocabulary, which is not part of
 * this repository (MoonshotAI/Kimi-Vendor-Verifier, beam/tokenizer/tiktoken.model).
 */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { weigh } from '../src/chat/token-weights.ts';
import { Vocabulary } from './tokens/vocabulary.ts';

const PIECE = 1_500;
const LEAST = 300;

interface Row {
  readonly real: number;
  readonly estimate: number;
}

const [path, ...files] = process.argv.slice(2);
if (path === undefined || files.length === 0) {
  console.error('usage: node scripts/measure-tokens.ts tiktoken.model FILE…');
  process.exit(2);
}
const vocabulary = new Vocabulary(path);
const groups = new Map<string, Row[]>();
for (const file of files) {
  const group = /zh/i.test(file) ? 'Chinese' : extname(file) || 'plain';
  const rows = groups.get(group) ?? [];
  groups.set(group, rows);
  const text = readFileSync(file, 'utf8');
  for (let at = 0; at < text.length; at += PIECE) {
    const piece = text.slice(at, at + PIECE).toWellFormed();
    if (piece.length < LEAST) continue;
    // As it stands in a request, so that the escapes of JSON are measured too.
    const written = Buffer.from(JSON.stringify(piece).slice(1, -1));
    rows.push({ real: vocabulary.count(piece), estimate: weigh(written, 0, written.length) });
  }
}

for (const [group, rows] of [...groups, ['all', [...groups.values()].flat()] as const]) {
  const errors = rows.map(({ real, estimate }) => estimate / real - 1).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const percent = (value: number) => `${(100 * value).toFixed(1).padStart(6)} %`;
  const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
  const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const p95 = Math.abs(errors[Math.floor(errors.length * 0.95)] ?? 0);
  console.log(
    `${group.padEnd(10)} ${String(rows.length).padStart(5)} pieces: mean error ${percent(mean)}, bias ${percent(bias)}, 95 of 100 within ${percent(p95)}`,
  );
}
