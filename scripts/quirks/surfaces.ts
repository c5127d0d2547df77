import type { Quirk } from './quirk.ts';

export const SURFACE_QUIRKS: readonly Quirk[] = [
  { id: 'Q51', question: 'usage inside the choice', rules: ['usage-per-choice'] },
  { id: 'Q52', question: 'chunks without a choice', rules: ['empty-choices'] },
  { id: 'Q53', question: 'the place of cached tokens', rules: ['cached-tokens-place'] },
  {
    id: 'Q54',
    question: 'an error inside a stream',
    code: ['src/pipeline/read-chat-stream.ts', 'src/upstreams/explain-refusal.ts'],
    answer: 'Before the first event it is met with another attempt; afterwards it ends the stream as an error event.',
  },
  {
    id: 'Q55',
    question: 'a long silence before the first token',
    code: ['src/server/routes/chat.ts'],
    answer: 'Comments keep the connection alive (`timeouts.keep_alive_ms`); the surface has `timeouts.first_byte_ms`.',
  },
  {
    id: 'Q56',
    question: 'a key on the wrong host',
    code: ['src/runtime/undecided-keys.ts'],
    answer:
      'A key whose host is not configured is tried at both once, with their model lists; it never goes to the other one afterwards.',
  },
  {
    id: 'Q57',
    question: 'a key of Kimi Code on the platform and the reverse',
    code: ['src/config/resolve.ts'],
    answer: 'Told by its prefix when the configuration is read.',
  },
  {
    id: 'Q58',
    question: 'Kimi Code lets known agents in',
    code: ['src/upstreams/kimi-code/choose-face.ts'],
    answer: 'Its Anthropic face is open to all and is the default; no agent is imitated.',
  },
  {
    id: 'Q59',
    question: 'a 403 for too many requests at once',
    code: ['src/upstreams/explain-refusal.ts', 'src/credentials/cool-down.ts'],
    answer: 'Told apart by its sentence: a short rest, and at most 30 calls at once for each account.',
  },
  {
    id: 'Q60',
    question: 'no money left, as a 429',
    code: ['src/upstreams/explain-refusal.ts', 'src/credentials/cool-down.ts'],
    answer: 'Told apart by its type: another account is tried, this one rests long, the client gets `quota_exhausted`.',
  },
  {
    id: 'Q61',
    question: 'an overloaded engine',
    code: ['src/pipeline/next.ts'],
    answer: 'Tried again after 0.5 s, doubling, with some chance in it, or after what Retry-After says.',
  },
  {
    id: 'Q62',
    question: 'agents that begin with Anthropic are told of overload',
    code: ['src/upstreams/kimi-code/choose-face.ts'],
    answer: 'The gateway calls that face under its own name.',
  },
  {
    id: 'Q63',
    question: 'the content filter',
    code: ['src/upstreams/explain-refusal.ts'],
    answer: 'Told as `content_filter` and not tried again: every account of the surface would be refused alike.',
  },
  {
    id: 'Q64',
    question: 'retired models',
    code: ['src/models/facts.ts', 'src/models/resolve.ts'],
    answer: 'Followed to their successors, which `x-moongate-model` tells, unless a surface still lists them.',
  },
  {
    id: 'Q65',
    question: 'halves of characters',
    rules: ['lone-surrogates'],
    answer: 'Text that spells a special token is sent as it is: no report says what of it fails.',
  },
  {
    id: 'Q66',
    question: 'tools and items of Codex on the Responses face',
    code: ['src/server/routes/responses/create.ts'],
    answer:
      'No surface is asked on its Responses face: what comes as Responses goes up as chat or as Messages, so that what that face refuses never reaches it.',
  },
  {
    id: 'Q67',
    question: '$web_search while thinking',
    rules: ['reasoning-remembered', 'reasoning-restored'],
    answer: 'What it fails on is the missing reasoning_content of its call, which is put back like any other’s.',
  },
  { id: 'Q68', question: 'JSON mode without the word JSON', rules: ['json-word'] },
  {
    id: 'Q69',
    question: 'effort and order of tools lose the cache',
    rules: ['tool-names', 'reasoning-effort'],
    code: ['src/credentials/strategies/sticky.ts'],
    answer:
      'Repairs depend on nothing but the request: the same turn is repaired to the same bytes, tools keep their order and new names are made from the old. What a client changes itself is its own wish.',
  },
  {
    id: 'Q70',
    question: 'what the model list tells of a model',
    code: ['src/models/listed-facts.ts', 'src/runtime/model-lists.ts', 'src/server/routes/models.ts'],
    answer: 'The lists are read at start and every hour. A model that is new there is spoken to like its kin.',
  },
];
