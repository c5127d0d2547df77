import type { ChatChunk, Usage } from '../../chat/chat.ts';
import type { AnswerRepair, Rule } from '../rule.ts';

/** Adds up what several choices report; the details of the first are kept. */
function total(usages: readonly Usage[]): Usage {
  const [first = {}, ...rest] = usages;
  const completion = usages.reduce((sum, usage) => sum + (usage.completion_tokens ?? 0), 0);
  if (rest.length === 0) return first;
  return { ...first, completion_tokens: completion, total_tokens: (first.prompt_tokens ?? 0) + completion };
}

/** Takes the usage out of every chunk that has a choice; what was taken goes out at the end if the surface does not tell. */
function liftUsage(): AnswerRepair {
  const ofChoices: Usage[] = [];
  let onTop: Usage | undefined;
  let last: ChatChunk = {};
  let standard = false;
  return {
    needles: ['"usage":{'],
    chunk(chunk) {
      last = chunk;
      const choices = chunk.choices ?? [];
      if (choices.length === 0 && chunk.usage) standard = true;
      if (choices.length === 0 || !(chunk.usage || choices.some((choice) => choice.usage))) return chunk;
      if (chunk.usage) onTop = chunk.usage;
      return {
        ...chunk,
        ...(chunk.usage ? { usage: null } : {}),
        choices: choices.map(({ usage, ...choice }) => {
          if (usage) ofChoices.push(usage);
          return choice;
        }),
      };
    },
    end() {
      const usage = onTop ?? (ofChoices.length > 0 ? total(ofChoices) : undefined);
      if (standard || usage === undefined) return [];
      const { id, object, created, model, system_fingerprint } = last;
      const head = Object.entries({ id, object, created, model, system_fingerprint }).filter(
        ([, value]) => value !== undefined,
      );
      return [{ ...Object.fromEntries(head), choices: [], usage }];
    },
  };
}

export const usagePerChoice: Rule = {
  id: 'usage-per-choice',
  title: { en: 'Usage sits in the choice', zh: '用量位于 choice 内' },
  why: 'A stream ends with `choices[0].usage`, where OpenAI sends one more chunk with `usage` at the top. A client that asked for it (`stream_options.include_usage`) gets exactly one such chunk; for one that did not ask, the closing chunk stays as it came.',
  source:
    'MoonshotAI/moonpalace merge tests; MoonshotAI/kimi-code kosong, usage tests; migration guide from OpenAI to Kimi',
  seen: '2026-08-22',
  when: () => true,
  answer: ({ stream, includeUsage }) => (stream && includeUsage ? liftUsage() : undefined),
};
