import { OWN_VARIABLES } from './environment.ts';
import { KINDS } from './fields.ts';
import { type ConfigKey, configKeys, ENV_PREFIX, settableVariables } from './key-list.ts';
import { INTRODUCTION, renderExamples } from './reference-text.ts';
import { BASE_URLS, KNOWN_SURFACES } from './surface-kinds.ts';

/** The page docs/configuration.md. */
export function renderConfigReference(): string {
  return [
    INTRODUCTION,
    `## Well-known variables\n\n${wellKnownVariables()}`,
    `## Surfaces\n\n${surfaces()}`,
    `## Keys\n\n${keys()}`,
    `## Examples\n\n${renderExamples()}`,
  ].join('\n');
}

function wellKnownVariables(): string {
  const rows = Object.entries(OWN_VARIABLES).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return `${table(['Variable', 'Meaning'], rows)}
Every other key has a variable as well, named in the table of keys: \`${ENV_PREFIX}\` and the path in capitals. For the
well-known surfaces it is \`${ENV_PREFIX}\`, the id and the key: \`MOONGATE_KIMI_CODE_BASE_URL\`,
\`MOONGATE_MOONSHOT_CN_TIMEOUTS_TOTAL_MS\`. Lists are comma separated (\`a, b\`), maps as well (\`a=b, c=d\`), inbound keys
too (\`MOONGATE_KEYS="laptop=KEY, ci=KEY"\`). An unknown variable that begins with \`${ENV_PREFIX}\` gives a warning.
`;
}

function surfaces(): string {
  const rows = KNOWN_SURFACES.map(({ id, type, region, variables, console: place }) => [
    `\`${id}\``,
    `\`${type}\``,
    `\`${BASE_URLS[type]?.[region] ?? ''}\``,
    variables.map((name) => `\`${name}\``).join(', then '),
    place,
  ]);
  return `${table(['Id', 'Type', 'Default base address', 'Variable', 'Where to get a credential'], rows)}
\`kimi-code\` and \`kimi-web\` have a second account system: \`region: global\` means \`${BASE_URLS['kimi-code']?.global}\` and
\`${BASE_URLS['kimi-web']?.global}\`. Any other id is a further surface and needs a \`type\`; an OpenAI-compatible one is
\`type: compatible\` with a \`base_url\`.

Without \`routes.default\` the order is: \`kimi-code\`, \`moonshot-cn\`, \`moonshot-ai\`, then your own in the order of the file,
\`kimi-web\` last. Surfaces without credentials are passed over.
`;
}

function keys(): string {
  const variables = new Map([...settableVariables()].map(([name, { path }]) => [path.join('.'), name]));
  // A map or list without a word of its own is explained by its members.
  const rows = configKeys()
    .filter(({ description }) => description !== '')
    .map((key) => [
      `\`${keyName(key.path)}\``,
      type(key),
      fallback(key),
      variable(key, variables),
      key.restart ? `${key.description} *Restart.*` : key.description,
    ]);
  return `\`<id>\` and \`<name>\` are names of your own; \`[]\` is an entry of a list.\n\n${table(['Key', 'Type', 'Default', 'Variable', 'Meaning'], rows)}`;
}

const keyName = (path: readonly string[]) =>
  path
    .map((part) => (part === '*' ? (path[0] === 'surfaces' ? '<id>' : '<name>') : part))
    .join('.')
    .replaceAll('.[]', '[]');

function type({ path, kind, choices }: ConfigKey): string {
  if (kind === undefined) return ['credentials', 'prices'].includes(path.at(-1) ?? '') ? 'list' : 'map';
  return kind === 'choice' ? choices.map((choice) => `\`${choice}\``).join(', ') : KINDS[kind];
}

function fallback({ fallback: value }: ConfigKey): string {
  if (value === undefined || typeof value === 'object') return '';
  return `\`${String(value)}\``;
}

function variable({ path }: ConfigKey, variables: ReadonlyMap<string, string>): string {
  const name = variables.get(path.join('.'));
  if (name !== undefined) return `\`${name}\``;
  if (path.join('.') === 'routes.*') return '`MOONGATE_ROUTES_DEFAULT`';
  const inSurface = path.slice(2);
  const ofKimiCode = path[0] === 'surfaces' && variables.has(['surfaces', 'kimi-code', ...inSurface].join('.'));
  return ofKimiCode && inSurface.length > 0 ? `\`MOONGATE_<ID>_${inSurface.join('_').toUpperCase()}\`` : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
