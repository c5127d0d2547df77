import { writeFileSync } from 'node:fs';
import { type Results, tables, verdictLines } from './report.ts';

/** docs/performance.md: how it is measured, and the figures of this run. */
export function writePage(file: string, results: Results): void {
  writeFileSync(file, `${INTRODUCTION}\n${figures(results)}\n`);
}

function figures(results: Results): string {
  const { cores, node, rounds, roundMs } = results;
  return `## Figures

Written by \`node bench/run.ts --write\`; ${cores} cores, Node ${node}, ${rounds} rounds of ${roundMs} ms, everything on one machine that did other work too.

\`\`\`
${verdictLines(results)}
\`\`\`

${tables(results)}`;
}

const INTRODUCTION = `# Performance

\`npm run bench\` starts everything it needs, on 127.0.0.1 only, and stops it again. \`node bench/run.ts --quick\` takes under two
minutes; \`--only NAME\` runs one scenario; \`--against DIR\` compares with another build of moongate in the same run.

## What is compared

- **direct**: the upstream without anything in between: a bare socket server that sends rendered answers.
- **bare**: the pass-through that one writes first: a node:http server that streams by undici (\`bench/bare.ts\`). It looks at nothing.
- **lean**: the cheapest pass-through that Node can do: all that arrives in one read leaves in one write (\`bench/lean.ts\`).
- **nginx**: \`proxy_pass\` with one worker and keep-alive to the upstream, if nginx is installed.
- **portkey**: \`@portkey-ai/gateway\`, installed into \`bench/\` with a lock file of its own. A plain install of 1.15.2 answers 500 to
  streams that it passes through unchanged, so \`bench/package.json\` puts an older \`@hono/node-server\` under it.
- **moongate**: \`dist/cli.js serve\`, started as \`npm start\` does, with the surface \`moonshot-cn\` pointed at the upstream, all rules on, logging and ledger as by default.
- **no-rules**, **no-ledger**: the same with every rule of the dialect turned off, and without the ledger: what these cost.

## How

moongate sets two flags of V8's at run time (\`--heap-growing-percent=200\`, \`--no-parallel-scavenge\`), and \`npm start\` and the
service files give Node \`--max-semi-space-size=16\`: without that one, requests of 100 KB cost about a sixth more
(\`src/cli/collector.ts\` says why).

Each runs in a process of its own. They are measured in turns, round by round, so that what disturbs the machine disturbs them
alike; every figure is the median of its rounds, and a ratio is the median of the ratios round by round. What counts is the
processor time of the measured process by the scheduler's account, which other processes on the machine hardly change; requests per
second are shown beside it and do not travel. The three short rounds of \`--quick\` are for finding out what is broken: on a busy
machine two of its runs differ by a third, so a change is judged by a full run. Microseconds per request are milliseconds per 1,000 requests; microseconds per
chunk are seconds per million chunks. Before it is measured, everybody's answer is checked to be complete.

There are two ways to load a gateway, and both are shown. *As fast as it goes*: each connection sends its next request when the
answer is there, so each contestant is measured at the rate that it can bear. The faster one finds the client and the upstream busy,
the slower one finds them asleep and pays for waking them, which on one machine is about a tenth of a small request. *At the same rate for
everybody* (the names that end in \`even\`) is what a gateway meets in its life, far from what it could bear; there everybody pays
for waking.

The small answer and the end of each stream carry \`usage\` as the platform sends it. The agent request is Chinese and English
text with code, 26 tools and a history of tool calls; "with top-level repairs" means an alias for the model, \`temperature\` and
\`top_p\`, which have to be changed or left out while the messages stay the client's own bytes.
`;
