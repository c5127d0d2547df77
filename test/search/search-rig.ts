import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AI_KEY, CN_KEY, type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';

export const CODE_KEY = 'sk-kimi-rig-search-01234567';
export const REFRESH = 'sim-web-refresh-owner';

/** Where the web is searched: by the platform's Formula, by Kimi Code's endpoints, by the web chat itself. */
export type Way = 'platform' | 'kimi-code' | 'kimi-web';

export const MODELS: Readonly<Record<Way, string>> = { platform: 'kimi-k3', 'kimi-code': 'k3', 'kimi-web': 'k2' };

export const PAGES = [
  {
    url: 'https://kimi.example/k3',
    title: 'Kimi K3',
    site_name: 'kimi',
    snippet: 'K3 came in July.',
    date: '2026-07-16',
  },
  { url: 'https://news.example/a', title: 'A headline', snippet: 'Something else.' },
];

export async function searchRig(
  way: Way,
  more: Omit<RigOptions, 'config'> & { readonly settings?: Settings; readonly surface?: Settings } = {},
): Promise<Rig> {
  const { settings, surface, ...options } = more;
  // The web chat keeps its renewed tokens in a file.
  const data = mkdtempSync(join(tmpdir(), 'moongate-search-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const rig = await startRig({
    ...options,
    simulator: {
      accounts: [
        { keys: CN_KEY, host: 'cn', id: 'org-cn' },
        { keys: AI_KEY, host: 'ai', id: 'org-ai' },
        { keys: CODE_KEY, host: 'code', id: 'org-code' },
      ],
      ...options.simulator,
    },
    config: ({ cnBaseUrl, codeBaseUrl, webBaseUrl }) => ({
      data,
      surfaces: {
        platform: { 'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }], ...surface } },
        'kimi-code': { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: CODE_KEY }], ...surface } },
        'kimi-web': { 'kimi-web': { base_url: webBaseUrl, credentials: [{ key: REFRESH }], ...surface } },
      }[way],
      ...settings,
    }),
    secrets: [CODE_KEY, REFRESH],
  });
  rig.simulator.web.find = () => PAGES;
  return rig;
}

/** Searches once, then answers. */
export const ONE_SEARCH = [
  'sim: think Let me look.',
  'sim: tool web_search {"query":"kimi k3"}',
  'sim: usage 100 10 0',
  'sim: turn 2',
  'sim: think Found.',
  'sim: say It came in July, see [K3](https://kimi.example/k3).',
  'sim: usage 200 20 50',
].join('\n');

export const TEXT = 'It came in July, see [K3](https://kimi.example/k3).';

/** Calls to the surface that are no chat. */
export const searchesOf = (rig: Rig): readonly string[] =>
  rig.simulator.calls.map(({ path }) => path).filter((path) => /fibers|\/search$|\/fetch$/.test(path));

export const chatsOf = (rig: Rig) =>
  rig.simulator.calls.filter(({ path }) => /\/(messages|completions)$/.test(path)).map(({ body }) => body as Sent);

export interface Sent {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly name?: string; readonly function?: { readonly name: string } }[];
  readonly [member: string]: unknown;
}

export const toolNames = ({ tools = [] }: Sent) => tools.map((tool) => tool.function?.name ?? tool.name);
