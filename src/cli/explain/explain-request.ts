import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/index.ts';
import { silentLog } from '../../log.ts';
import { ALIASES } from '../../models/aliases.ts';
import { Catalogue } from '../../models/catalogue.ts';
import { factsOf, type ModelFacts } from '../../models/facts.ts';
import { type Resolution, resolveModel } from '../../models/resolve.ts';
import { type Explanation, onTheWire } from '../../pipeline/explain.ts';
import { Runtime } from '../../runtime/runtime.ts';
import { createState } from '../../state.ts';
import type { Surface } from '../../upstreams/surface.ts';
import { Failure } from '../command.ts';
import type { Bilingual, Phrase } from '../language.ts';
import { type ClientProtocol, recognised } from './client-protocol.ts';
import { explainBody } from './explain-body.ts';

export interface ExplainedRequest extends Explanation {
  readonly protocol: ClientProtocol;
  /** The protocol was told by the shape of the body. */
  readonly isRecognised: boolean;
  /** Why the model that serves is not the one that was asked for; undefined if it is. */
  readonly reason: Phrase | undefined;
  readonly places: readonly Place[];
  readonly strict: boolean;
  /** No surface has a credential: the places are what would be possible with one. */
  readonly isAssumed: boolean;
}

/** A surface that could serve the request. */
export interface Place {
  readonly surface: string;
  readonly model: string;
  readonly address: string;
  readonly credentials: 'none' | 'decided at start' | number;
}

/** Uses what the program knows by itself: no surface is asked for anything. Throws what the gateway would answer. */
export async function explainRequest(body: Buffer, config: Config, told?: ClientProtocol): Promise<ExplainedRequest> {
  const protocol = told ?? recognised(body);
  // Never started, so that nothing goes over the network.
  const state = createState({ ...config, coordination: undefined }, systemClock, silentLog);
  const runtime = new Runtime(config, systemClock, silentLog, state);
  try {
    const credentials = (id: string) => credentialsOf(id, runtime, config);
    const onRoute = config.routes.default.flatMap((id) => runtime.surfaces.get(id) ?? []);
    const usable = onRoute.filter(({ id }) => credentials(id) !== 'none');
    const isAssumed = usable.length === 0;
    const { aliases, model_tiers: tiers } = config;
    const names = { surfaces: isAssumed ? onRoute : usable, aliases, tiers, catalogue: new Catalogue() };
    const { preparation, validatingRules, messagesRules } = runtime.chat;
    const validates = config.tool_validation === 'retry';
    const explanation = explainBody(body, protocol, {
      preparation: validates ? { ...preparation, rules: validatingRules } : preparation,
      validates,
      messagesRules,
      reasoning: runtime.chat.reasoning,
      fetchesImages: config.images.fetch,
      search: runtime.chat.search,
      choicesLimit: runtime.chat.choicesLimit,
      resolve: (asked) => {
        const name = asked ?? config.models.default ?? missingModel();
        const resolution = resolveModel(name, names);
        return asked === undefined ? { ...resolution, because: 'default' } : resolution;
      },
      surface: runtime.chat.surface,
    });
    const places = explanation.resolution.targets.map(({ surface, model, facts }, index) => {
      const at = runtime.chat.surface(surface);
      const path = index === 0 ? explanation.wording.path : pathAt(at, facts, protocol);
      return { surface, model, address: `${at.origin}${path}`, credentials: credentials(surface) };
    });
    return {
      ...explanation,
      protocol,
      isRecognised: told === undefined,
      places,
      isAssumed,
      strict: config.strict,
      reason: reasonOf(explanation.resolution, config),
    };
  } finally {
    await runtime.close();
  }
}

/** Where another surface would be asked, if it takes the request as it is expected to. */
function pathAt(surface: Surface, facts: ModelFacts | undefined, protocol: ClientProtocol): string {
  const { messages: face } = surface.adapter;
  if (protocol === 'anthropic' && face?.takes(surface, facts)) return face.path(surface);
  return onTheWire(surface, Buffer.from('{"messages":[]}')).path;
}

function credentialsOf(id: string, { pool }: Runtime, { undecided, surfaces }: Config): Place['credentials'] {
  const count = pool.all(id).length;
  if (count > 0) return count;
  return undecided.length > 0 && surfaces[id]?.type === 'moonshot' ? 'decided at start' : 'none';
}

/** As the gateway says it. */
function missingModel(): never {
  throw new Failure({
    en: '`model` is missing, and no default is configured (models.default).',
    zh: '缺少 `model`，也没有配置默认模型（models.default）。',
  });
}

const NO_MODEL_NAMED: Phrase = {
  en: 'the request names no model; this is models.default of the configuration',
  zh: '请求没有指定模型；这是配置中的 models.default',
};

const ofConfiguration = (place: string, kind: Bilingual): Phrase => ({
  en: `${kind.en} of the configuration (${place})`,
  zh: `配置中的${kind.zh}（${place}）`,
});

function reasonOf({ asked, model, because }: Resolution, { aliases, model_tiers }: Config): Phrase | undefined {
  if (because === 'asked') return undefined;
  const [kind, what = ''] = because.split(':', 2);
  if (kind === 'pattern')
    return ofConfiguration(`aliases."${because.slice('pattern:'.length)}"`, { en: 'pattern', zh: '模式' });
  if (kind === 'tier') {
    const isOwn = Object.entries(model_tiers).some(([tier, name]) => tier === what && name !== undefined);
    const own = isOwn ? ` (model_tiers.${what})` : '';
    return { en: `a name of another vendor, of the ${what} kind${own}`, zh: `其他厂商的名称，属于 ${what} 一类${own}` };
  }
  if (because === 'default') return NO_MODEL_NAMED;
  if (because === 'retired') {
    const retired = factsOf(asked)?.retired ?? factsOf(asked.slice(asked.indexOf('/') + 1))?.retired;
    return retired === undefined
      ? { en: `what it stands for is retired; ${model} serves instead`, zh: `对应的模型已下线，由 ${model} 代替` }
      : {
          en: `${asked} is retired since ${retired.on}; ${retired.successor} serves instead`,
          zh: `${asked} 已于 ${retired.on} 下线，由 ${retired.successor} 代替`,
        };
  }
  const name = Object.hasOwn(aliases, asked) ? asked : asked.slice(asked.indexOf('/') + 1);
  if (Object.hasOwn(aliases, name)) return ofConfiguration(`aliases.${name}`, { en: 'alias', zh: '别名' });
  const alias = ALIASES.find((known) => known.name === asked) ?? ALIASES.find((known) => known.name === name);
  return alias === undefined
    ? { en: 'the provider before the slash was taken off', zh: '已去掉斜杠前的提供方' }
    : { en: `built-in alias (${alias.source})`, zh: `内置别名（${alias.source}）` };
}
