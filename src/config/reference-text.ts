/** The parts of the reference page that no schema knows: order, rules, and examples that a test loads. */

const FENCE = '```';

export const EXAMPLES: readonly { readonly title: string; readonly yaml: string }[] = [
  {
    title: 'One key, one person',
    yaml: `surfaces:
  kimi-code: { credentials: [ { key: "\${KIMI_API_KEY}" } ] }
`,
  },
  {
    title: 'Several keys, a fallback, web pages',
    yaml: `surfaces:
  kimi-code:
    credentials:
      - { key: "\${KIMI_API_KEY}", name: mine }
  moonshot-cn:
    credentials:
      - { key: "\${MOONSHOT_API_KEY}", account: main }      # several keys, comma separated, are fine
  openrouter:
    type: compatible
    base_url: https://openrouter.ai/api/v1
    credentials: [ { key: "\${OPENROUTER_API_KEY}" } ]
    models: { kimi-k2.6: moonshotai/kimi-k2.6 }
routes:
  default: [ kimi-code, moonshot-cn, openrouter ]
aliases: { k25: kimi-k2.6, kimi: kimi-for-coding }
allowed_origins: [ http://localhost:3000 ]
`,
  },
  {
    title: 'A team: keys for everybody, reachable from the network',
    yaml: `listen: 0.0.0.0:8000
allowed_hosts: [ kimi.example.org ]
keys:
  - { name: ana, key: "\${ANA_KEY}" }
  - { name: ci, key: "\${CI_KEY}", route: cheap, models: [ kimi-k2.6 ] }
surfaces:
  moonshot-ai: { credentials: [ { key: "\${MOONSHOT_API_KEY_AI}" } ], concurrency: 50 }
  kimi-code: { credentials: [ { key: "\${KIMI_API_KEY}" } ] }
routes:
  default: [ kimi-code, moonshot-ai ]
  cheap: [ moonshot-ai ]
timeouts: { idle_ms: 3m, total_ms: 1h }
`,
  },
  {
    title: 'A fleet: several replicas share what they know',
    yaml: `listen: 0.0.0.0:8000
database: "\${DATABASE_URL:-postgres://moongate@db/moongate}"
coordination: "\${REDIS_URL:-redis://cache:6379}"
keys: [ { name: edge, key: "\${EDGE_KEY}" } ]
surfaces:
  moonshot-cn: { credentials: [ { key: "\${MOONSHOT_API_KEY_CN}" } ] }
log: { format: json }
`,
  },
  {
    title: 'The small file of the first guide, as it stands',
    yaml: `provider: kimi-coding
model: k2p5
base_url: https://api.kimi.com/coding/v1
api_key: sk-kimi-your-key
temperature: 0.0
max_tokens: 4096
# user_agent_version: "1.6"
`,
  },
];

export const INTRODUCTION = `# Configuration

<!-- Written by \`npm run docs\` from src/config; change it there. -->

moongate needs no file: with \`KIMI_API_KEY\` or \`MOONSHOT_API_KEY\` in the environment it starts. Everything else has a
default. \`moongate config check\` says what was read from where, and what is missing.

## Where settings come from

Later ones win:

1. the defaults on this page,
2. \`moongate.yaml\` (or \`moongate.yml\`) in the working directory; another file with \`--config FILE\` or \`MOONGATE_CONFIG\`,
   which must then exist,
3. the environment,
4. the flags of the command line.

A \`.env\` file beside the configuration file and one in the working directory are read into the environment first. A
variable that is really set wins over both, and the one beside the configuration file wins over the other. A variable
of moongate's own that is set to nothing counts as not set.

Single settings replace each other. Lists and maps from the environment replace those of the file, except credentials:
the well-known variables *add* theirs to those of the file, and doubles are dropped.

A changed file, or SIGHUP, is read again while the gateway runs. A broken one is reported and changes nothing. Keys
marked *restart* take effect only when the gateway starts again.

## Variables in the file

- \`\${NAME}\` stands for a variable, \`\${NAME:-default}\` for one that may be missing or empty. \`$\${\` is a plain \`\${\`.
- They are replaced after the file has been parsed, in texts only: what a variable holds can never become YAML.
- A missing variable is an error that names file, line, key and variable. A *credential* whose variable is missing or
  empty is left out with a warning, so that one file serves machines that have different keys.
- A text that becomes empty counts as not set (inbound keys excepted: there it is an error).

## Safe by default

On 127.0.0.1 no key is needed until there is one. Any other address is refused at start unless there are inbound \`keys\`,
here or issued ([keys](keys.md)). Web pages are
refused unless their exact origin is in \`allowed_origins\`; there is no wildcard. Keys and tokens are never printed: at
most their last four characters are.
`;

export function renderExamples(): string {
  return EXAMPLES.map(({ title, yaml }) => `### ${title}\n\n${FENCE}yaml\n${yaml}${FENCE}\n`).join('\n');
}
