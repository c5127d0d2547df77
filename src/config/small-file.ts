import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { SettingsTree, type Tree } from './settings-tree.ts';
import { KNOWN_SURFACES } from './surface-kinds.ts';

/** The keys of the small file that the first integration guide for Kimi Code printed; people still have it. */
const SMALL_KEYS = ['provider', 'model', 'base_url', 'api_key', 'temperature', 'max_tokens', 'user_agent_version'];

/** What people write as `provider`, and the surface that it means. */
const PROVIDERS = new Map(
  Object.entries({
    'kimi-coding': 'kimi-code',
    'kimi-for-coding': 'kimi-code',
    'kimi-code': 'kimi-code',
    kimicode: 'kimi-code',
    moonshot: 'moonshot',
    'moonshot-cn': 'moonshot-cn',
    'moonshot-ai': 'moonshot-ai',
    kimi: 'moonshot',
    'kimi-web': 'kimi-web',
  }),
);

/** A provider that works without an address, because there is only one. */
const ADDRESSES: ReadonlyMap<string, string> = new Map([['openrouter', 'https://openrouter.ai/api/v1']]);

export const isSmallFile = (root: Tree): boolean => SMALL_KEYS.some((key) => Object.hasOwn(root, key));

/** Rewrites the small file's keys into today's; every other key stays, so that both can stand in one file. */
export function convertSmallFile(tree: SettingsTree): {
  readonly tree: SettingsTree;
  readonly problems: readonly Problem[];
} {
  const rest = Object.fromEntries(Object.entries(tree.root).filter(([key]) => !SMALL_KEYS.includes(key)));
  const result = new SettingsTree(rest, (path) => tree.where(path));
  const take = (key: string, path: readonly string[]): void => {
    if (tree.root[key] !== undefined) result.set(path, tree.root[key], tree.where([key]));
  };
  take('model', ['models', 'default']);
  take('temperature', ['defaults', 'temperature']);
  take('max_tokens', ['defaults', 'max_tokens']);

  const place = findSurface(tree);
  if ('message' in place) return { tree: result, problems: [place] };
  const { id, type } = place;
  if (id === undefined) {
    if (tree.root['api_key'] !== undefined) result.append(['undecided'], tree.root['api_key'], tree.where(['api_key']));
    return { tree: result, problems: [] };
  }
  const surface = ['surfaces', id];
  if (type !== undefined) result.set([...surface, 'type'], type, tree.where(['provider']));
  if (type !== undefined && ADDRESSES.get(id) !== undefined) {
    result.set([...surface, 'base_url'], ADDRESSES.get(id), tree.where(['provider']));
  }
  take('base_url', [...surface, 'base_url']);
  take('user_agent_version', [...surface, 'user_agent_version']);
  if (id === 'kimi-code' && /\bkimi\.ai\//.test(textOf(tree, 'base_url'))) {
    result.set([...surface, 'region'], 'global', tree.where(['base_url']));
  }
  if (tree.root['api_key'] !== undefined) {
    result.append([...surface, 'credentials'], { key: tree.root['api_key'] }, tree.where(['api_key']));
  }
  return { tree: result, problems: [] };
}

interface Place {
  /** Undefined: a key of the Moonshot platform whose account system is not known. */
  readonly id: string | undefined;
  /** Only where the id does not imply it. */
  readonly type?: string;
}

/** The guide itself looks at the address before the provider; so do we. */
function findSurface(tree: SettingsTree): Place | Problem {
  const provider = textOf(tree, 'provider').toLowerCase();
  const baseUrl = textOf(tree, 'base_url');
  const known = PROVIDERS.get(provider);
  if (/\bkimi\.(?:com|ai)\/coding\b/.test(baseUrl)) return { id: 'kimi-code' };
  const host = URL.parse(baseUrl)?.hostname;
  if (host === 'api.moonshot.ai') return { id: 'moonshot-ai' };
  if (host === 'api.moonshot.cn') return { id: 'moonshot-cn' };
  if (known === 'moonshot') return baseUrl === '' ? { id: undefined } : { id: 'moonshot-cn' };
  if (known !== undefined) return { id: known };
  if (provider !== '' && (baseUrl !== '' || ADDRESSES.get(provider) !== undefined))
    return { id: provider, type: 'compatible' };
  if (provider === '' && baseUrl === '') {
    const isPlatform = /^sk-(?!kimi-)/.test(textOf(tree, 'api_key'));
    return { id: isPlatform ? undefined : 'kimi-code' };
  }
  const names = [...PROVIDERS.keys(), ...ADDRESSES.keys(), ...KNOWN_SURFACES.map(({ id }) => id)];
  return provider === ''
    ? { where: tree.where(['base_url']), path: ['base_url'], message: 'needs a `provider` beside it, such as openai' }
    : {
        where: tree.where(['provider']),
        path: ['provider'],
        message: `"${provider}" needs a \`base_url\` beside it, such as https://openrouter.ai/api/v1.${didYouMean(provider, names)}`,
      };
}

function textOf(tree: SettingsTree, key: string): string {
  const value = tree.root[key];
  return typeof value === 'string' ? value.trim() : '';
}
