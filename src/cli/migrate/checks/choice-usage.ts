import { type Check, GUIDE } from '../check.ts';
import { escaped } from '../code/streams.ts';
import { isWithin, pathOf } from '../syntax/expression.ts';
import { bindingsOf } from '../syntax/program.ts';

export const choiceUsage: Check = {
  id: 'choice-usage',
  level: 'warning',
  title: { en: 'The usage is read from the choice', zh: '从 choice 读取用量' },
  why: {
    en: 'Only Kimi puts `usage` into the closing choice of a stream. OpenAI, and this gateway for whoever asks, send it in a last chunk of its own.',
    zh: '只有 Kimi 会把 usage 放在流的最后一个 choice 里。OpenAI（以及在请求时的本网关）用单独的最后一个 chunk 发送。',
  },
  link: GUIDE,
  gateway: {
    en: 'sends one standard chunk with `usage` to whoever sets `stream_options.include_usage` (usage-per-choice)',
    zh: '若设置 stream_options.include_usage，则发送一个标准的 usage chunk（usage-per-choice）',
  },
  remains: {
    en: 'set `stream_options: { include_usage: true }` and read `chunk.usage`',
    zh: '设置 stream_options: { include_usage: true } 并读取 chunk.usage',
  },
  *find({ program, chunkLoops }) {
    for (const loop of chunkLoops) {
      const direct = new RegExp(`^${escaped(loop.variable)}\\.choices\\[0\\]\\.(?:usage|model_extra\\.usage)$`);
      for (const member of program.members) {
        if (!isWithin(member, loop.body) || member.property !== 'usage') continue;
        const isOfName =
          member.object.kind === 'name' &&
          bindingsOf(program, member.object.name, member).some(
            ({ value }) => value && pathOf(value) === `${loop.variable}.choices[0]`,
          );
        if (isOfName || direct.test(pathOf(member) ?? '')) yield { from: member.from, to: member.to };
      }
    }
  },
};
