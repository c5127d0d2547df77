import { type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';

export const CODE_KEY = 'sk-kimi-rig-0123456789abcdef';

export const ANTHROPIC_HEADERS = {
  'content-type': 'application/json',
  'x-api-key': 'any',
  'anthropic-version': '2023-06-01',
};

/** Where Messages clients are served: untranslated on the coding subscription, through the hub on the platform. */
export type Way = 'kimi-code' | 'moonshot';

export const WAYS: readonly { readonly way: Way; readonly model: string; readonly thinks: string }[] = [
  { way: 'kimi-code', model: 'k3', thinks: 'k3' },
  { way: 'moonshot', model: 'kimi-k2.6', thinks: 'kimi-k3' },
];

/** A rig whose route begins at one of them; `face: openai` keeps the platform off its own Anthropic face. */
export function messagesRig(
  way: Way,
  more: RigOptions & { readonly settings?: Settings; readonly platformModels?: Settings } = {},
): Promise<Rig> {
  const { settings, platformModels, ...options } = more;
  return startRig({
    ...options,
    simulator: {
      accounts: [
        { keys: CODE_KEY, host: 'code' },
        { keys: 'sk-rig-cn-0f8e7d6c5b4a39281706', host: 'cn' },
      ],
      ...options.simulator,
    },
    config: ({ codeBaseUrl, cnBaseUrl }) => ({
      surfaces: {
        ...(way === 'kimi-code' ? { 'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: CODE_KEY }] } } : {}),
        'moonshot-cn': {
          base_url: cnBaseUrl,
          face: 'openai',
          ...(platformModels ? { models: platformModels } : {}),
          credentials: [{ key: 'sk-rig-cn-0f8e7d6c5b4a39281706' }],
        },
      },
      routes: { default: way === 'kimi-code' ? ['kimi-code', 'moonshot-cn'] : ['moonshot-cn'] },
      ...settings,
    }),
    secrets: [CODE_KEY, ...(options.secrets ?? [])],
  });
}

/** POST /v1/messages; text is the one message of the user. */
export function postMessages(rig: Rig, said: string | Settings, init: RequestInit = {}): Promise<Response> {
  const asked = typeof said === 'string' ? { messages: [{ role: 'user', content: said }] } : said;
  return rig.get('/v1/messages', {
    method: 'POST',
    body: JSON.stringify({ model: 'k3', max_tokens: 4_096, ...asked }),
    ...init,
    headers: { ...ANTHROPIC_HEADERS, ...init.headers },
  });
}
