import { reasoningObserver } from '../reasoning/reasoning-observer.ts';
import type { Rule } from '../rule.ts';

export const reasoningRemembered: Rule = {
  id: 'reasoning-remembered',
  title: { en: 'Reasoning before tool calls is remembered', zh: '记住工具调用前的思考' },
  why: 'Most OpenAI clients drop `reasoning_content` from their history, and the next request of a tool loop needs it (rule reasoning-restored). The answer itself is not changed.',
  source: 'MoonshotAI/kimi-cli #770; continuedev/continue #11600; npm openai 7.55.0, runTools drops it',
  seen: '2026-11-12',
  when: ({ surface }) => surface !== 'web',
  answer: ({ tools, reasoning }) => (tools === true && reasoning ? reasoningObserver(reasoning) : undefined),
};
