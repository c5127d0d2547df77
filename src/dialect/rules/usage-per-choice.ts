import { addUsage } from '../../chat/add-usage.ts';
import type { ChatChunk, Usage } from '../../chat/chat.ts';
import type { AnswerRepair, Rule } from '../rule.ts';

/** Several choices of one call share its prompt. */
function total(usages: readonly Usage[]): Usage {
  const sum = addUsage(usages);
  if (usages.length < 2) return sum;
  const prompt = usages[0]?.prompt_tokens ?? 0;
  return { ...sum, prompt_tokens: prompt, total_tokens: prompt + (sum.completion_tokens ?? 0) };
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
