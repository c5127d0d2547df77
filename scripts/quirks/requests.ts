import type { Quirk } from './quirk.ts';

export const REQUEST_QUIRKS: readonly Quirk[] = [
  { id: 'Q1', question: 'temperature other than the fixed value', rules: ['sampling-fixed', 'sampling-range'] },
  {
    id: 'Q2',
    question: 'top_p, n and penalties other than the fixed values',
    rules: ['sampling-fixed', 'one-choice'],
    code: ['src/pipeline/several-choices.ts'],
  },
  { id: 'Q3', question: 'a small cap that thinking uses up', rules: ['cap-too-small'] },
  {
    id: 'Q4',
    question: 'prompt and cap beyond the window',
    rules: ['cap-beyond-window', 'cap-name'],
    code: ['src/upstreams/explain-refusal.ts'],
    answer: 'A prompt that does not fit by itself is told as OpenAI’s `context_length_exceeded`.',
  },
  { id: 'Q5', question: 'more than five stop sequences, or long ones', rules: ['stop-sequences'] },
  {
    id: 'Q6',
    question: 'a body that is too large',
    code: ['src/upstreams/kimi-code/message-limit.ts', 'src/upstreams/explain-refusal.ts'],
    answer:
      'Refused with the size and the limit before it goes up, or as the surface says it (`upstream_too_large`). Which pictures to give up is the client’s choice, so nothing is left out silently.',
  },
  { id: 'Q7', question: 'members outside the schema', rules: ['foreign-members', 'user-identifier', 'empty-members'] },
  {
    id: 'Q8',
    question: 'tool calls without reasoning_content while thinking',
    rules: ['reasoning-remembered', 'reasoning-restored'],
  },
  { id: 'Q9', question: 'thinking switched off where it cannot be', rules: ['reasoning-effort'] },
  { id: 'Q10', question: 'thinking on k3, effort none', rules: ['reasoning-effort', 'thinking-keep'] },
  { id: 'Q11', question: 'efforts that a model does not know', rules: ['reasoning-effort'] },
  {
    id: 'Q12',
    question: 'adaptive thinking on the Anthropic face',
    code: ['src/chat/anthropic/thinking.ts'],
    answer: 'An explicit effort goes up beside it, because `adaptive` alone hardly thinks on k3.',
  },
  { id: 'Q13', question: 'thoughts under another key on other hosts', rules: ['reasoning-in-kind', 'reasoning-keys'] },
  { id: 'Q14', question: 'thoughts as parts of the content', rules: ['reasoning-keys'] },
  { id: 'Q15', question: 'role developer', rules: ['developer-role', 'message-shape'] },
  { id: 'Q16', question: 'empty assistant messages', rules: ['blank-content'] },
  { id: 'Q17', question: 'blank content beside tool calls', rules: ['blank-content'] },
  { id: 'Q18', question: 'blank text parts', rules: ['blank-content'] },
  { id: 'Q19', question: 'text as an array of parts', rules: ['flat-content', 'content-parts'] },
  { id: 'Q20', question: 'tool calls without results', rules: ['tool-results'] },
  { id: 'Q21', question: 'results of unknown calls', rules: ['tool-results'] },
  { id: 'Q22', question: 'one id for several calls', rules: ['tool-results'] },
  {
    id: 'Q23',
    question: 'ids in another alphabet',
    rules: ['tool-results'],
    answer:
      'Ids stay as they are, because K2.6 copies the pattern that it sees; only later duplicates and missing ones get new ones. No report says that Kimi refuses an alphabet.',
  },
  { id: 'Q24', question: 'arguments in the history that are no JSON', rules: ['tool-arguments', 'answer-arguments'] },
  {
    id: 'Q25',
    question: 'an answer that is to be continued',
    rules: ['partial-prefix'],
    code: ['src/chat/anthropic/to-chat-request.ts'],
    answer: 'The prefill of an Anthropic client becomes `partial` by its position.',
  },
];
