import type { Variables } from './dotenv.ts';
import type { Kind } from './fields.ts';
import { ENV_PREFIX, settableVariables } from './key-list.ts';
import { didYouMean } from './nearest.ts';
import { splitList, splitPasted } from './pasted.ts';
import type { Problem } from './problem.ts';
import type { SettingsTree } from './settings-tree.ts';
import { KNOWN_SURFACES } from './surface-kinds.ts';

/** Variables with a meaning of their own, beside those that follow from the keys. */
export const OWN_VARIABLES: Readonly<Record<string, string>> = {
  MOONSHOT_API_KEY:
    'Keys of the Moonshot platform, comma separated. Which account system they belong to is found out at start.',
  MOONSHOT_API_KEY_CN: 'Keys of platform.kimi.com for `moonshot-cn`, comma separated.',
  MOONSHOT_API_KEY_AI: 'Keys of platform.kimi.ai for `moonshot-ai`, comma separated.',
  MOONGATE_MOONSHOT_REGION: '`cn` or `ai`: decides for MOONSHOT_API_KEY, without asking.',
  KIMI_API_KEY: 'Keys of the coding subscription (`sk-kimi-…`) for `kimi-code`, comma separated.',
  KIMICODE_API_KEY: 'The same; counts where KIMI_API_KEY is not set.',
  KIMI_TOKENS: 'Your own tokens of the web chat for `kimi-web`, comma separated. Setting it turns that surface on.',
  KIMI_USER_AGENT_VERSION: 'The same as `surfaces.kimi-code.user_agent_version`.',
  MOONGATE_CONFIG: 'The configuration file.',
};

const MOONSHOT_REGIONS = new Map(
  Object.entries({
    cn: 'moonshot-cn',
    ai: 'moonshot-ai',
    global: 'moonshot-ai',
  }),
);

export interface Applied {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Lays the environment over the tree: single keys replace what the file says, credentials join the file's. */
export function applyEnvironment(tree: SettingsTree, { values, origins }: Variables): Applied {
  // A variable that is set to nothing counts as not set: compose files and CI write those for what is missing.
  const filled = Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== '');
  const env = new Map(filled.map(([name, value]) => [name, value.trim()]));
  const where = (name: string) => (origins.has(name) ? `${name} in ${origins.get(name)}` : name);
  const warnings: string[] = [];

  const version = env.get('KIMI_USER_AGENT_VERSION');
  const versionPath = ['surfaces', 'kimi-code', 'user_agent_version'];
  if (version !== undefined) tree.set(versionPath, version, where('KIMI_USER_AGENT_VERSION'));
  const settable = settableVariables();
  for (const [name, value] of env) {
    if (!name.startsWith(ENV_PREFIX) || Object.hasOwn(OWN_VARIABLES, name)) continue;
    const target = settable.get(name);
    if (target !== undefined) tree.set(target.path, toValue(target.kind, value), where(name));
    else
      warnings.push(
        `${where(name)}  is no variable of moongate.${didYouMean(name, [...settable.keys(), ...Object.keys(OWN_VARIABLES)])}`,
      );
  }
  for (const { id, variables } of KNOWN_SURFACES) {
    const name = variables.find((variable) => env.has(variable));
    if (name !== undefined) tree.append(['surfaces', id, 'credentials'], { key: env.get(name) }, where(name));
  }
  if (env.has('MOONSHOT_API_KEY')) tree.append(['undecided'], env.get('MOONSHOT_API_KEY'), where('MOONSHOT_API_KEY'));
  return {
    problems: decideRegion(tree, env.get('MOONGATE_MOONSHOT_REGION'), where('MOONGATE_MOONSHOT_REGION')),
    warnings,
  };
}

function decideRegion(tree: SettingsTree, region: string | undefined, where: string): readonly Problem[] {
  if (region === undefined) return [];
  const id = MOONSHOT_REGIONS.get(region.toLowerCase());
  if (id === undefined)
    return [{ where, path: [], message: 'must be cn (platform.kimi.com) or ai (platform.kimi.ai)' }];
  const list = tree.get(['undecided']);
  if (!Array.isArray(list)) return [];
  for (const [index, key] of list.entries()) {
    tree.append(['surfaces', id, 'credentials'], { key }, tree.where(['undecided', index]));
  }
  delete tree.root['undecided'];
  return [];
}

/** A variable is text; lists and maps are written with commas and `=`. */
function toValue(kind: Kind, value: string): unknown {
  if (kind === 'list') return splitPasted(value);
  const pairs = () => splitList(value).map((part) => [part.split('=', 1)[0] ?? '', part] as const);
  if (kind === 'pairs') {
    return Object.fromEntries(pairs().map(([name, part]) => [name.trim(), part.slice(name.length + 1).trim()]));
  }
  if (kind === 'keys') {
    return pairs().map(([name, part]) =>
      name === part ? { key: part } : { name: name.trim(), key: part.slice(name.length + 1).trim() },
    );
  }
  return value;
}

/** Lays the flags of the command line over the tree; their names are paths with dots. */
export function applyFlags(tree: SettingsTree, flags: Readonly<Record<string, unknown>>): void {
  const kinds = new Map([...settableVariables().values()].map(({ path, kind }) => [path.join('.'), kind]));
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    const kind = kinds.get(name);
    const converted = typeof value === 'string' && kind !== undefined ? toValue(kind, value) : value;
    tree.set(name.split('.'), converted, `--${name.replaceAll(/[._]/g, '-')}`);
  }
}
