import { isKimiApi } from '../kimi-surface.ts';
import { type Rule, without } from '../rule.ts';

/** Members for which "nothing" is the same as leaving them out. */
const OPTIONAL = [
  ...['tools', 'functions', 'stop', 'stream_options', 'response_format', 'tool_choice', 'function_call', 'prediction'],
  ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty'],
  ...['thinking', 'reasoning', 'reasoning_effort', 'logprobs', 'top_logprobs', 'user', 'stream'],
  ...['prompt_cache_key', 'safety_identifier', 'output_config', 'chat_template_kwargs'],
];

function isNothing(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0;
}

export const emptyMembers: Rule = {
  id: 'empty-members',
  title: { en: 'Members that say nothing', zh: '空字段' },
  why: 'Clients send `tools: []`, `stop: null` or `stream_options: {}` for "none". Kimi has no such values in its schema, and an empty list of tools turns some `tool_choice` values into a 400.',
  source: 'platform openapi.json (K2.6 copy); Kimi-Vendor-Verifier test_tool_choice',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: OPTIONAL,
    trigger: { empty: OPTIONAL },
    apply(request, { note }) {
      const empty = OPTIONAL.filter((member) => member in request && isNothing(request[member]));
      if (empty.length > 0) note(`${empty.join(', ')} left out`);
      return without(request, empty);
    },
  },
};
