import { type Check, GUIDE } from '../check.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { type ChunkLoop, unguardedChoices } from '../code/streams.ts';
import type { Edit } from '../edit.ts';
import type { Member } from '../syntax/expression.ts';

export const emptyChoices: Check = {
  id: 'empty-choices',
  level: 'warning',
  title: { en: 'A chunk may have no choice', zh: 'chunk 可能没有 choice' },
  why: {
    en: 'Heartbeats and the usage chunk come with `choices: []`; code that reads the first one breaks off ("list index out of range", "undefined").',
    zh: '心跳与用量 chunk 的 choices 为空；直接读取第一个会中断（list index out of range、undefined）。',
  },
  link: GUIDE,
  gateway: {
    en: 'leaves heartbeats out; the usage chunk comes only if it was asked for (empty-choices)',
    zh: '去掉心跳；只有请求时才发送用量 chunk（empty-choices）',
  },
  remains: { en: 'skip chunks without a choice', zh: '跳过没有 choice 的 chunk' },
  fix: {
    en: '`choices[0]?.`; in Python a guard at the top of the loop',
    zh: '改为 choices[0]?.；Python 在循环开头加判断',
  },
  *find(code) {
    for (const loop of code.chunkLoops) {
      const [first, ...others] = unguardedChoices(code.program, loop);
      if (first === undefined) continue;
      // One guard does for all of them in Python; each reading has its own in JavaScript.
      const found = code.file.isPython ? [first] : [first, ...others];
      for (const { member } of found) {
        const edits = guard(code, loop, member);
        yield { from: member.from, to: member.to, ...(edits ? { edits } : {}) };
      }
    }
  },
};

function guard({ program, file }: OpenAiCode, loop: ChunkLoop, member: Member): readonly Edit[] | undefined {
  if (!file.isPython) {
    const isTarget = program.assignments.some(({ target }) => target.from === member.from);
    return isTarget || file.text.startsWith('?.', member.to) ? undefined : [optional(file.text, member.to)];
  }
  if (!loop.isStatement) return undefined;
  // The body begins at its colon; only one that has lines of its own can take another.
  const [, gap, indent] = /^:([^\n]*\n)((?:[ \t]*\n)*[ \t]+)/.exec(file.text.slice(loop.body.from)) ?? [];
  if (gap === undefined || indent === undefined) return undefined;
  const at = loop.body.from + 1 + gap.length;
  const margin = indent.slice(indent.lastIndexOf('\n') + 1);
  const step = margin.slice(/^[ \t]*/.exec(file.text.slice(file.lineAt(loop.from).from))?.[0].length ?? 0);
  return [{ from: at, to: at, text: `${margin}if not ${loop.variable}.choices:\n${margin}${step}continue\n` }];
}

/** `choices[0].delta` → `choices[0]?.delta`, `choices[0]["delta"]` → `choices[0]?.["delta"]`, `choices[0]!.delta` likewise. */
function optional(text: string, at: number): Edit {
  const [bang = '', next = ''] = /^(!?)\s*(\.|\[)/.exec(text.slice(at))?.slice(1) ?? [];
  return { from: at, to: at + bang.length + (next === '.' ? 1 : 0), text: '?.' };
}
