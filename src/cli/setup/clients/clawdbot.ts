import { Entries, type WantedMap } from '../../edit/wanted.ts';
import type { Client, Gateway } from '../client.ts';
import { type OfferedModel, offeredModel, platformModels } from '../offered-models.ts';

/** The general model and the coding one, under the names that the kimi-integration skill made known. */
const GENERAL = 'moonshot/kimi-k2.6';
const CODING = 'kimicode/kimi-for-coding';
/** Retired names that agents' own files still hold; the gateway follows them to what serves today. */
const FORMER = ['kimi-k2.5', 'moonshot-v1-128k'];

/** Clawdbot and its successor OpenClaw share these blocks of their configuration. */
export function crabSettings(gateway: Gateway): WantedMap {
  const provider = { baseUrl: gateway.base, apiKey: gateway.key, api: 'openai-completions' };
  const former = FORMER.map(offeredModel);
  return merged(
    {
      models: {
        mode: 'merge',
        providers: {
          moonshot: { ...provider, models: new Entries('id', [...platformModels(), ...former].map(modelEntry)) },
          kimicode: { ...provider, models: new Entries('id', [modelEntry(offeredModel('kimi-for-coding'))]) },
        },
      },
    },
    {
      model: { primary: fullName(gateway.model) },
      models: { [GENERAL]: { alias: 'k25' }, [CODING]: { alias: 'kimi' } },
    },
  );
}

export function crabModelSettings({ model }: Gateway): WantedMap {
  return { agents: { defaults: { model: { primary: fullName(model) } } } };
}

export function crabModel({ serves }: Pick<Gateway, 'serves'>): string {
  return serves.coding && !serves.platform ? CODING : GENERAL;
}

function merged(models: WantedMap, defaults: WantedMap): WantedMap {
  return { ...models, agents: { defaults } };
}

/** The program knows models as `provider/id`; its two aliases are taken too, as in the chat. */
function fullName(model: string): string {
  if (model.includes('/')) return model;
  if (model === 'k25') return GENERAL;
  if (model === 'kimi') return CODING;
  return model === 'kimi-for-coding' ? CODING : `moonshot/${model}`;
}

function modelEntry({ id, title, facts, context, maxOutput }: OfferedModel): WantedMap {
  const price = facts.prices.find(({ currency }) => currency === 'USD');
  return {
    id,
    name: title,
    reasoning: facts.thinking !== 'none',
    input: facts.input.filter((kind) => kind !== 'video'),
    cost: { input: price?.input ?? 0, output: price?.output ?? 0, cacheRead: price?.cached ?? 0, cacheWrite: 0 },
    contextWindow: context,
    maxTokens: maxOutput,
  };
}

export function crabAdvice(command: string) {
  return ({ serves }: Gateway) => [
    {
      en: `Restart it (${command} gateway restart), then ${command} models list shows moonshot/… and kimicode/….`,
      zh: `重启它（${command} gateway restart），然后 ${command} models list 会列出 moonshot/… 和 kimicode/…。`,
    },
    {
      en: 'In a chat: /model k25 (general), /model kimi (coding).',
      zh: '在聊天里：/model k25（通用），/model kimi（编程）。',
    },
    ...(serves.coding
      ? []
      : [
          {
            en: 'kimicode/kimi-for-coding needs a Kimi Code key in moongate (KIMI_API_KEY); none is configured here yet.',
            zh: 'kimicode/kimi-for-coding 需要在 moongate 里配置 Kimi Code 密钥（KIMI_API_KEY），目前还没有。',
          },
        ]),
    ...(serves.platform
      ? []
      : [
          {
            en: 'moonshot/… needs a key of the open platform in moongate (MOONSHOT_API_KEY); none is configured here yet.',
            zh: 'moonshot/… 需要在 moongate 里配置开放平台的密钥（MOONSHOT_API_KEY），目前还没有。',
          },
        ]),
  ];
}

export const clawdbot: Client = {
  id: 'clawdbot',
  title: 'Clawdbot',
  protocol: 'chat',
  model: crabModel,
  source: 'kimi-integration skill; npm clawdbot 2026.1.24-3, run 2026-11',
  file: { format: 'json5', folder: '.clawdbot', variable: 'CLAWDBOT_STATE_DIR', names: ['clawdbot.json'] },
  settings: crabSettings,
  modelSettings: crabModelSettings,
  advice: crabAdvice('clawdbot'),
};
