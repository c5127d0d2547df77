import { type Rule, without } from '../rule.ts';

/** Members that OpenAI clients send and that Kimi's schema does not have. */
const FOREIGN = [
  'store',
  'metadata',
  'seed',
  'logit_bias',
  'parallel_tool_calls',
  'service_tier',
  'client_metadata',
  'verbosity',
  'modalities',
  'prompt_cache_retention',
  'web_search_options',
];

/** How schema checkers word it; what nobody knows goes up, and comes down again here if the surface will not have it. */
const UNKNOWN_MEMBER =
  /(?:unknown|unrecognized|unexpected|unsupported|extra)\b.{0,30}?\b(?:field|member|parameter|argument|property|key)s?\b[\s:'"`]*([A-Za-z_]\w*)/i;
const ESSENTIAL = ['model', 'messages', 'stream', 'tools'];

export const foreignMembers: Rule = {
  id: 'foreign-members',
  title: { en: "Members of other vendors' schemas", zh: '其他厂商的字段' },
  why: "Members that are a client's own or another vendor's, and not in Kimi's schema. What they ask for does not exist here; whether the chat face ignores or refuses them is not documented.",
  source: 'platform openapi.json (K2.6 copy); recorded requests of Clawdbot, Codex 0.63, LobeChat',
  seen: '2026-11-12',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  refusal: UNKNOWN_MEMBER,
  refused(request, { note }, sentence) {
    const member = UNKNOWN_MEMBER.exec(sentence)?.[1];
    if (member === undefined || ESSENTIAL.includes(member) || !(member in request)) return request;
    note(`${member} left out, which the surface does not know`);
    return without(request, [member]);
  },
  request: {
    reads: FOREIGN,
    trigger: { members: FOREIGN },
    apply(request, { note }) {
      const present = FOREIGN.filter((member) => member in request);
      note(`${present.join(', ')} left out`);
      return without(request, present);
    },
  },
};
