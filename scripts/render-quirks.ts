import { QUIRKS } from './quirks/index.ts';
import type { Quirk } from './quirks/quirk.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');

function answerTo({ rules = [], code = [], answer }: Quirk): string {
  const ways = [
    ...rules.map((id) => `[\`${id}\`](dialect.md#${id})`),
    ...code.map((path) => `[\`${path}\`](../${path})`),
  ].join(', ');
  return [ways, answer ?? ''].filter(Boolean).join('. ');
}

/** docs/quirks.md: every known difference with the place that answers it. */
export function renderQuirks(): string {
  const rows = QUIRKS.map((quirk) => `| ${quirk.id} | ${cell(quirk.question)} | ${cell(answerTo(quirk))} |`);
  return `# Seventy differences, and what answers them

What is known of how Kimi differs from what clients send, as of November 2026: gathered from the vendor's documents,
its own clients and tests, issue threads of other projects and published measurements. None of it could be verified
against the live service from here. Each line names the [rule of the dialect](dialect.md) or the place in the source that
meets it, or says why nothing is done.

This page is made from data: \`npm run docs\`.

| | difference | answer |
|---|---|---|
${rows.join('\n')}
`;
}
