import type { Result } from './play.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');

/** docs/clients/results.md: what became of each agent. */
export function renderResults(results: readonly Result[], day: string): string {
  const rows = results.map(
    ({ agent, way, surface, passed, seen }) =>
      `| ${agent.id} | ${agent.version} | ${way.protocol} | ${surface} | ${passed ? 'passed' : '**failed**'} | ${cell(seen)} |`,
  );
  return `# Real agents against the simulator

Whole programs, installed from the npm registry, each in front of a gateway with one surface of the simulator. Each got a
task of three turns: write a file with its own tool, copy it with a command, say that both are there. \`passed\` means that
both files were on the disk with the right text, that it said so, and that the gateway refused nothing on the way. Nothing
here says how a live model would do the task.

\`kimi-code\` serves kimi-for-coding, \`moonshot\` kimi-k2.6, \`moonshot-k3\` kimi-k3. A path that ends in \`/messages\` is an
Anthropic face: clients of that protocol reach it untranslated.

Made by \`npm run agents\` on ${day}.

| agent | version | protocol | surface | result | what was seen |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
