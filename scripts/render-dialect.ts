import { MESSAGES_RULES } from '../src/dialect/messages/index.ts';
import { RULES } from '../src/dialect/rules/index.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** docs/dialect.md: what differs between Kimi and what OpenAI clients expect, and what is done about it. */
export function renderDialect(): string {
  const rows = RULES.map(
    ({ id, title, why, request, answer }) =>
      `| [\`${id}\`](#${id}) | ${cell(title.en)} | ${title.zh} | ${[request && 'request', answer && 'answer'].filter(Boolean).join(', ')} | ${cell(why)} |`,
  );
  const own = MESSAGES_RULES.filter(({ id }) => !RULES.some((rule) => rule.id === id));
  const passing = MESSAGES_RULES.map(({ id }) => `[\`${id}\`](#${id})`);
  const sections = [...RULES, ...own].map(
    ({ id, title, why, source, seen }) =>
      `## ${id}\n\n**${title.en}** · ${title.zh}\n\n${why}\n\nSource: ${source}. Seen ${seen}.\n`,
  );
  return `# The dialect: where Kimi is not OpenAI

Each row is a rule of the gateway: a difference between Kimi and what OpenAI clients expect, with its repair. They are
applied in this order, and only where surface, model and thinking make them hold. What was repaired is told in the
response header \`x-moongate-repairs\`, in the log line and by \`moongate explain\`; with \`strict: true\` or the header
\`x-moongate-strict: 1\` the gateway answers 400 with the list instead of repairing. \`dialect.disabled\` turns single
rules off. None of the facts could be verified against the live service from here: each names where it was seen.

This page is made from the rules: \`npm run docs\`.

| rule | difference | 差异 | repairs | why |
|---|---|---|---|---|
${rows.join('\n')}

Requests in Anthropic's shape that pass untranslated onto an Anthropic face (docs/anthropic-messages.md) meet these rules
only, each in that shape: ${passing.join(', ')}, and [\`tool-names\`](#tool-names).

${sections.join('\n')}`;
}
