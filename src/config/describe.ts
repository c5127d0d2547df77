import { formatListen, isLoopback } from './listen.ts';
import type { Surface } from './resolve.ts';
import type { Config } from './schema.ts';
import { KNOWN_SURFACES } from './surface-kinds.ts';

/** What `moongate config check` prints: what was said where, what can be used, what is missing. */
export function describeConfig(config: Config, sources: ReadonlyMap<string, string>): readonly string[] {
  const advice = missingCredentialsAdvice(config);
  return [
    ...section('Settings', settingLines(sources)),
    ...section('Surfaces', surfaceLines(config)),
    ...section(
      'Routes',
      Object.entries(config.routes).map(([name, ids]) => `${name}: ${ids.join(' → ')}`),
    ),
    ...section('Clients', clientLines(config)),
    ...(advice === undefined ? [] : ['', ...advice.split('\n')]),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

/** Paths and places only: a value may be a secret, and the place is what one looks for. */
function settingLines(sources: ReadonlyMap<string, string>): readonly string[] {
  if (sources.size === 0) return ['everything is at its default'];
  const width = Math.max(...[...sources.keys()].map((path) => path.length));
  return [...sources].map(([path, where]) => `${path.padEnd(width)}  from ${where}`);
}

function surfaceLines({ surfaces, undecided }: Config): readonly string[] {
  const lines = Object.values(surfaces).map((surface) => `${surface.id}: ${surfaceState(surface)}`);
  if (undecided.length === 0) return lines;
  return [
    ...lines,
    `moonshot-cn or moonshot-ai: ${plural(undecided.length, 'key')} (${undecided.join(', ')}), decided at start`,
  ];
}

function surfaceState({ enabled, credentials, base_url }: Surface): string {
  if (!enabled) return 'turned off';
  if (credentials.length === 0) return 'no credentials';
  const names = credentials.map(({ name, secret }) => `${name} ${secret}`).join(', ');
  return `${plural(credentials.length, 'credential')} (${names}) at ${base_url}`;
}

function clientLines({ listen, keys, admin_key, allowed_origins }: Config): readonly string[] {
  const issued = isLoopback(listen.host) ? 'any program of this machine, without a key' : 'issued ones only';
  const who = keys.length === 0 ? issued : keys.map(({ name, key }) => `${name} ${key}`).join(', ');
  return [
    `address: ${formatListen(listen)}`,
    `keys: ${who}`,
    `admin key: ${admin_key ?? 'none'}`,
    `web pages: ${allowed_origins.length === 0 ? 'none' : allowed_origins.join(', ')}`,
  ];
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Whether some surface could serve a request with what the configuration alone gives it. */
export function hasCredentials({ surfaces, undecided }: Config): boolean {
  return (
    undecided.length > 0 ||
    Object.values(surfaces).some(({ enabled, credentials }) => enabled && credentials.length > 0)
  );
}

/** What to do when there is no credential at all; the gateway prints it at start and answers 503 with it. */
export function missingCredentialsAdvice(config: Config): string | undefined {
  if (hasCredentials(config)) return undefined;
  const off = Object.values(config.surfaces).filter(({ enabled, credentials }) => !enabled && credentials.length > 0);
  return [
    'There is no credential for any surface yet. Set one of these variables (in the environment or in .env), or `surfaces.<id>.credentials` in moongate.yaml:',
    ...KNOWN_SURFACES.map(({ title, variables, console: place }) => `  ${variables[0]}  ${title}: ${place}`),
    '  MOONSHOT_API_KEY  either of the two platforms; which one is found out at start',
    ...(off.length === 0 ? [] : [`Turned off although it has credentials: ${off.map(({ id }) => id).join(', ')}.`]),
    'To look around without a key: moongate serve --demo',
  ].join('\n');
}

/** What an owner should know before the gateway starts with this configuration; printed once. */
export function configNotices({ surfaces }: Config): readonly string[] {
  const on = Object.values(surfaces).filter(({ enabled, credentials }) => enabled && credentials.length > 0);
  const notices: string[] = [];
  for (const { id, type, user_agent_version, credentials } of on) {
    if (type === 'kimi-web') {
      notices.push(
        `${id} is on: the vendor's agreement does not allow scripted use of the web chat. It is for your own tokens and for trying things out; production belongs on the official API.`,
      );
    }
    const isDisguised =
      user_agent_version !== undefined || credentials.some((credential) => credential.user_agent_version);
    if (type === 'kimi-code' && isDisguised) {
      notices.push(
        `${id} presents itself as KimiCLI (user_agent_version): the vendor's guidelines forbid that, and an account was terminated for it.`,
      );
    }
  }
  return notices;
}
