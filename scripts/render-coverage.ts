import type { CoverageRow } from './demands/demand.ts';
import { COVERAGE } from './demands/index.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');

function shownBy({ tests, note }: CoverageRow): string {
  const proofs = tests.map(([file, title]) => `[${file.split('/').at(-1)}](../${file}): ${title}`);
  return [...proofs, ...(note === undefined ? [] : [note])].join('<br>');
}

/** docs/coverage.md: what was demanded, and the tests that show it. */
export function renderCoverage(): string {
  const sections = COVERAGE.map(({ title, rows }) => {
    const lines = rows.map((row) => `| ${cell(row.demand)} | ${cell(shownBy(row))} |`);
    return `## ${title}\n\n| demand | shown by |\n| --- | --- |\n${lines.join('\n')}\n`;
  });
  return `# What shows that it works

Each row is a demand, with the tests that show that it is met, by file and by their title there. Nothing was verified against the live services by this project: facts come from the sources that the code names,
and the simulator stands for the vendor. The recorded streams in \`test/fixtures\` say how they were made.

This page is made from data, and a test looks whether each named test exists: \`npm run docs\`.

${sections.join('\n')}`;
}
