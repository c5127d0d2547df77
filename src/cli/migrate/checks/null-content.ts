import { CHAT_REFERENCE, type Check } from '../check.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { calleePath } from '../code/requests.ts';
import { type Expression, isWithin, pathOf } from '../syntax/expression.ts';

export const nullContent: Check = {
  id: 'null-content',
  level: 'warning',
  title: { en: 'A piece may have no content', zh: '片段可能没有 content' },
  why: {
    en: 'While the model thinks or calls a tool, `delta.content` is null or missing: "None" or "undefined" gets into the text, or the program stops.',
    zh: '模型思考或调用工具时，delta.content 为 null 或缺失：文本里会混入 None 或 undefined，或者程序中断。',
  },
  link: CHAT_REFERENCE,
  gateway: { en: 'nothing: that is how streams are', zh: '无：流式输出本来如此' },
  remains: { en: 'take the empty text instead', zh: '改用空字符串' },
  fix: { en: '`?? \'\'`; in Python `or ""`', zh: '加上 ?? \'\'；Python 加上 or ""' },
  *find(code) {
    for (const value of usedContents(code)) {
      const text = code.file.isPython ? ' or ""' : " ?? ''";
      const isWhole = /[.\w\]]/.test(code.file.text.charAt(value.to - 1)) && !code.file.text.startsWith('!', value.to);
      yield { from: value.from, to: value.to, ...(isWhole ? { edits: [{ from: value.to, to: value.to, text }] } : {}) };
    }
  },
};

const WRITERS = /(?:^|\.)(?:stdout\.write|print)$/;

/** Contents that are added to a text or written out as they are. */
function* usedContents({ program, chunkLoops }: OpenAiCode): Iterable<Expression> {
  for (const loop of chunkLoops) {
    const isContent = (value: Expression): boolean =>
      isWithin(value, loop.body) && contentPath(value, loop.variable) && !isTested(value, loop.body);
    const isTested = (value: Expression, body: { from: number; to: number }): boolean => {
      const path = plain(program.file.slice(value));
      // `if chunk.choices[0].delta.content:` in front of it
      return program.members.some(
        (member) => isWithin(member, body) && member.to < value.from && plain(program.file.slice(member)) === path,
      );
    };
    for (const { value, operator } of program.assignments) if (operator === '+=' && isContent(value)) yield value;
    for (const call of program.calls) {
      const [first] = call.positional;
      if (first !== undefined && WRITERS.test(calleePath(call)) && isContent(first)) yield first;
    }
  }
}

const plain = (text: string): string => text.replaceAll('?.', '.').replaceAll('.[', '[');

const contentPath = (value: Expression, variable: string): boolean =>
  pathOf(value) === `${variable}.choices[0].delta.content`;
