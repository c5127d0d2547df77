/**
 * What is known of each model: rows with a source and a date, no logic. Where a surface's own model list says otherwise,
 * the list wins (see catalogue.ts).
 */

export type Thinking = 'always' | 'toggle' | 'none';

/** How a model takes sampling parameters. */
export type Sampling =
  /** One value is accepted, any other is a 400; leaving the member out always works. */
  | {
      readonly kind: 'fixed';
      readonly temperature: { readonly thinking: number; readonly plain: number };
      readonly topP: number;
    }
  /** Temperature 0..1, and only one choice when it is near 0. */
  | { readonly kind: 'range' };

export type Currency = 'USD' | 'CNY';

/** Two account systems that share nothing: a price holds for one of them. */
export type AccountSystem = 'moonshot-cn' | 'moonshot-ai';

export interface Price {
  readonly system: AccountSystem;
  readonly currency: Currency;
  /** The days from which and before which it holds, such as 2026-11-10 (UTC); where one is left out, none is known. */
  readonly from?: string;
  readonly until?: string;
  /** Per million tokens. */
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

export interface ModelFacts {
  readonly id: string;
  /** The surfaces that serve it, by id. */
  readonly surfaces: readonly string[];
  /** What the rules of the dialect are keyed on, together with surface and thinking. */
  readonly family: 'k3' | 'k2-toggle' | 'k2-thinking' | 'k2-plain' | 'v1' | 'coding';
  readonly sampling: Sampling;
  readonly thinking: Thinking;
  /** The accepted values of reasoning_effort, weakest first; empty where there is no effort. */
  readonly efforts: readonly string[];
  /** Tokens: prompt and answer together. */
  readonly context: number;
  readonly maxOutput: number;
  readonly input: readonly ('text' | 'image' | 'video')[];
  readonly prices: readonly Price[];
  /** Gone since this day (404 from then on), with what serves instead. */
  readonly retired?: { readonly on: string; readonly successor: string };
  readonly source: string;
  readonly seen: string;
}

const PLATFORM = ['moonshot-cn', 'moonshot-ai'];
const FIXED: Sampling = { kind: 'fixed', temperature: { thinking: 1, plain: 1 }, topP: 0.95 };
const FIXED_TOGGLE: Sampling = { kind: 'fixed', temperature: { thinking: 1, plain: 0.6 }, topP: 0.95 };
const RANGE: Sampling = { kind: 'range' };
const K3_EFFORTS = ['low', 'high', 'max'];
const MILLION = 1_048_576;
const K256 = 262_144;

// platform.kimi.ai charges in USD, platform.kimi.com in CNY. What changes gets a further row, and the old one `until`.
const usd = (input: number, output: number, cached: number): Price => ({
  system: 'moonshot-ai',
  currency: 'USD',
  input,
  output,
  cached,
});
const cny = (input: number, output: number, cached: number): Price => ({
  system: 'moonshot-cn',
  currency: 'CNY',
  input,
  output,
  cached,
});

const LIVE: readonly ModelFacts[] = [
  {
    id: 'kimi-k3.1-pro',
    surfaces: PLATFORM,
    family: 'k3',
    sampling: FIXED,
    thinking: 'always',
    efforts: K3_EFFORTS,
    context: MILLION,
    maxOutput: MILLION,
    input: ['text', 'image'],
    prices: [usd(2, 10, 0.2)],
    source: 'npm @earendil-works/pi-ai 1.5.2; docs.apiyi.com kimi-k3-1 overview (video input not verified)',
    seen: '2026-11-10',
  },
  {
    id: 'kimi-k3.1-pro-highspeed',
    surfaces: PLATFORM,
    family: 'k3',
    sampling: FIXED,
    thinking: 'always',
    efforts: K3_EFFORTS,
    context: MILLION,
    maxOutput: MILLION,
    input: ['text', 'image'],
    prices: [usd(4, 20, 0.2)],
    source: 'npm @earendil-works/pi-ai 1.5.2; docs.apiyi.com kimi-k3-1 overview',
    seen: '2026-11-10',
  },
  {
    id: 'kimi-k3',
    surfaces: PLATFORM,
    family: 'k3',
    sampling: FIXED,
    thinking: 'always',
    efforts: K3_EFFORTS,
    context: MILLION,
    maxOutput: MILLION,
    input: ['text', 'image', 'video'],
    prices: [usd(3, 15, 0.3), cny(20, 100, 2)],
    source: 'platform.kimi.com docs, k3 quickstart; npm @earendil-works/pi-ai 1.5.2',
    seen: '2026-11-10',
  },
  {
    id: 'kimi-k2.7-code',
    surfaces: PLATFORM,
    family: 'k2-thinking',
    sampling: FIXED,
    thinking: 'always',
    efforts: [],
    context: K256,
    maxOutput: K256,
    input: ['text', 'image', 'video'],
    prices: [usd(0.95, 4, 0.19), cny(6.5, 27, 1.3)],
    source: 'npm @earendil-works/pi-ai 1.5.2; npm openclaw 2026.9.6 docs/providers/moonshot.md',
    seen: '2026-11-10',
  },
  {
    id: 'kimi-k2.7-code-highspeed',
    surfaces: PLATFORM,
    family: 'k2-thinking',
    sampling: FIXED,
    thinking: 'always',
    efforts: [],
    context: K256,
    maxOutput: K256,
    input: ['text', 'image', 'video'],
    prices: [usd(1.9, 8, 0.38), cny(13, 54, 2.6)],
    source: 'npm @earendil-works/pi-ai 1.5.2; npm openclaw 2026.9.6 docs/providers/moonshot.md',
    seen: '2026-11-10',
  },
  {
    id: 'kimi-k2.6',
    surfaces: PLATFORM,
    family: 'k2-toggle',
    sampling: FIXED_TOGGLE,
    thinking: 'toggle',
    efforts: [],
    context: K256,
    maxOutput: K256,
    input: ['text', 'image', 'video'],
    prices: [usd(0.95, 4, 0.16), cny(6.5, 27, 1.1)],
    source:
      'platform.kimi.com openapi.json (K2.6 copy); npm @earendil-works/pi-ai 1.5.2; the series ends in December 2026',
    seen: '2026-11-10',
  },
];

/** The coding subscription. Its surface is described apart; the rows are here so that names resolve in one place. */
const CODING: readonly ModelFacts[] = [
  coding('kimi-for-coding', MILLION, 32_768, K3_EFFORTS),
  coding('kimi-for-coding-highspeed', K256, 32_768, []),
  coding('k3.1-pro', MILLION, 131_072, K3_EFFORTS),
  coding('k3.1-pro-highspeed', MILLION, 131_072, K3_EFFORTS),
  coding('k3', MILLION, 131_072, K3_EFFORTS),
  coding('k3-256k', K256, 131_072, K3_EFFORTS),
];

function coding(id: string, context: number, maxOutput: number, efforts: readonly string[]): ModelFacts {
  return {
    id,
    surfaces: ['kimi-code'],
    family: 'coding',
    sampling: FIXED,
    thinking: 'always',
    efforts,
    context,
    maxOutput,
    input: ['text', 'image'],
    prices: [],
    source: 'npm @earendil-works/pi-ai 1.5.2; www.kimi.com/code/docs',
    seen: '2026-11-10',
  };
}

const RETIRED: readonly ModelFacts[] = [
  retired('kimi-k2.5', '2026-08-31', 'k2-toggle', K256, 'kimi-k2.6'),
  retired('kimi-k2-thinking', '2026-05-25', 'k2-thinking', K256, 'kimi-k2.7-code'),
  retired('kimi-k2-thinking-turbo', '2026-05-25', 'k2-thinking', K256, 'kimi-k2.7-code-highspeed'),
  retired('kimi-k2-turbo-preview', '2026-05-25', 'k2-plain', K256, 'kimi-k2.6'),
  retired('kimi-k2-0905-preview', '2026-05-25', 'k2-plain', K256, 'kimi-k2.6'),
  retired('kimi-k2-0711-preview', '2026-05-25', 'k2-plain', 131_072, 'kimi-k2.6'),
  retired('kimi-thinking-preview', '2026-05-25', 'k2-plain', 131_072, 'kimi-k3'),
  retired('kimi-latest', '2026-01-28', 'k2-plain', 131_072, 'kimi-k2.6'),
  retired('moonshot-v1-8k', '2026-08-31', 'v1', 8_192, 'kimi-k2.6'),
  retired('moonshot-v1-32k', '2026-08-31', 'v1', 32_768, 'kimi-k2.6'),
  retired('moonshot-v1-128k', '2026-08-31', 'v1', 131_072, 'kimi-k2.6'),
  retired('moonshot-v1-auto', '2026-08-31', 'v1', 131_072, 'kimi-k2.6'),
  retired('moonshot-v1-8k-vision-preview', '2026-08-31', 'v1', 8_192, 'kimi-k2.6'),
  retired('moonshot-v1-32k-vision-preview', '2026-08-31', 'v1', 32_768, 'kimi-k2.6'),
  retired('moonshot-v1-128k-vision-preview', '2026-08-31', 'v1', 131_072, 'kimi-k2.6'),
];

function retired(id: string, on: string, family: ModelFacts['family'], context: number, successor: string): ModelFacts {
  const sampling = family === 'k2-toggle' ? FIXED_TOGGLE : family === 'k2-thinking' ? FIXED : RANGE;
  const thinking = family === 'k2-toggle' ? 'toggle' : family === 'k2-thinking' ? 'always' : 'none';
  return {
    id,
    surfaces: PLATFORM,
    family,
    sampling,
    thinking,
    efforts: [],
    context,
    maxOutput: context,
    input: id.includes('vision') || family === 'k2-toggle' ? ['text', 'image'] : ['text'],
    prices: [],
    retired: { on, successor },
    source:
      'platform docs, deprecation notes; live 404s reported 2026-09-01; day of kimi-thinking-preview not verified',
    seen: '2026-09-02',
  };
}

export const MODELS: readonly ModelFacts[] = [...LIVE, ...CODING, ...RETIRED];

const BY_ID = new Map(MODELS.map((model) => [model.id, model]));

export function factsOf(id: string): ModelFacts | undefined {
  return BY_ID.get(id);
}
