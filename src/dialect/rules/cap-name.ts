import type { ChatRequest } from '../../chat/chat.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { type Rule, without } from '../rule.ts';
import { CAP_NAMES } from '../sizes/cap-of.ts';

/** The cap as Kimi takes it, a positive whole number; undefined for what asks for none (0, -1) or is no number. */
function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 1 ? Math.floor(number) : undefined;
}

function repaired(request: ChatRequest): ChatRequest {
  const name = CAP_NAMES.find((candidate) => request[candidate] !== undefined);
  const cap = name && whole(request[name]);
  if (name === undefined || (request[name] === cap && !(name !== 'max_tokens' && 'max_tokens' in request)))
    return request;
  const rest = without(request, CAP_NAMES);
  return cap === undefined || !Number.isSafeInteger(cap) ? rest : { ...rest, [name]: cap };
}

export const capName: Rule = {
  id: 'cap-name',
  title: { en: 'One cap, a positive whole number', zh: '输出上限的名称与取值' },
  why: '`max_tokens` is the old name of `max_completion_tokens` and still taken; of both the new one counts. Values below 1, with which clients mean "no cap", are left out.',
  source: 'platform openapi.json (K2.6 copy)',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: CAP_NAMES,
    trigger: { members: CAP_NAMES },
    apply(request, { note }) {
      const after = repaired(request);
      if (after !== request) {
        const told = CAP_NAMES.filter((name) => name in request && request[name] !== after[name]);
        note(
          told.map((name) => `${name} ${JSON.stringify(request[name])} sent as ${after[name] ?? 'nothing'}`).join(', '),
        );
      }
      return after;
    },
  },
};
