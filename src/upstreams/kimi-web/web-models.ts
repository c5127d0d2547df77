import { type NameSwitches, SUFFIXES, withoutSuffix } from '../../models/name-switches.ts';

/** What selects a model on each protocol. */
export interface WebModel {
  readonly id: string;
  readonly title: string;
  /** Other names for it. */
  readonly also: readonly string[];
  /** Absent: the older protocol cannot ask for it. */
  readonly classic?: { readonly model: string; readonly thinkingModel: string; readonly kimiplusId: string };
  readonly connect: ConnectKnobs;
  /** Thinks unless it is told not to. */
  readonly thinking: boolean;
  readonly source: string;
  readonly seen: string;
}

export interface ConnectKnobs {
  readonly scenario: string;
  readonly model?: string;
  readonly kimiplusId?: string;
  readonly agentMode?: string;
}

const CLASSIC = { model: 'k2', thinkingModel: 'k1.5', kimiplusId: 'kimi' };
const INSTANT: ConnectKnobs = { scenario: 'SCENARIO_CHAT', model: 'k2d6-chat' };
const CAPTURE = 'captured traffic of www.kimi.ai and a sub2api fork';

/**
 * The names of the surface. It renames its models every other month, so these are rows; what its own list says beyond them
 * is served as well. `k2` and `k1.5` have no counterpart on the newest wire: they mean today's default without and with thinking.
 */
export const WEB_MODELS: readonly WebModel[] = [
  {
    ...{ id: 'k2', title: 'Kimi, instant (today K2.6)', also: [], classic: CLASSIC, connect: INSTANT, thinking: false },
    ...{ source: `loudotdigital/kimi2api; ${CAPTURE}`, seen: '2026-09-22' },
  },
  {
    ...{
      id: 'k1.5',
      title: 'Kimi, thinking (today K2.6)',
      also: [],
      classic: CLASSIC,
      connect: INSTANT,
      thinking: true,
    },
    ...{ source: `loudotdigital/kimi2api; ${CAPTURE}`, seen: '2026-09-22' },
  },
  {
    ...{ id: 'kimi-k2.6', title: 'K2.6', also: ['k2.6', 'k2d6-chat'], connect: INSTANT, thinking: false },
    ...{ source: CAPTURE, seen: '2026-09-22' },
  },
  {
    ...{ id: 'k3-agent', title: 'K3 agent', also: [], thinking: true },
    connect: {
      ...{ scenario: 'SCENARIO_OK_COMPUTER', model: 'k3-agent' },
      ...{ kimiplusId: 'ok-computer', agentMode: 'TYPE_NORMAL' },
    },
    ...{ source: `${CAPTURE}; kimiplusId and agentMode: chopper1026/kimi2api`, seen: '2026-09-15' },
  },
];

/** The variants that the model list shows; other combinations work too. */
export const SHOWN_SUFFIXES: readonly string[] = [...Object.keys(SUFFIXES), '-thinking-nosearch'];

export interface WebName {
  readonly model: WebModel;
  readonly switches: NameSwitches;
}

/** A name without its suffixes, by the name that the list has; undefined if it has no suffix and is no other name. */
export function webVariantOf(name: string): { readonly base: string; readonly suffix: string } | undefined {
  let bare = name;
  for (let shorter = withoutSuffix(bare); shorter !== undefined; shorter = withoutSuffix(bare)) bare = shorter.base;
  const base = WEB_MODELS.find(({ also }) => also.includes(bare))?.id ?? bare;
  return base === name ? undefined : { base, suffix: name.slice(bare.length) };
}

/** A model of `models` under a name with any number of suffixes, in any order. */
export function readWebName(name: string, models: readonly WebModel[] = WEB_MODELS): WebName | undefined {
  let base = name;
  let switches: NameSwitches = {};
  for (;;) {
    const model = models.find(({ id, also }) => id === base || also.includes(base));
    if (model) return { model, switches };
    const shorter = withoutSuffix(base);
    if (shorter === undefined) return undefined;
    base = shorter.base;
    switches = { ...shorter.switches, ...switches };
  }
}
