import type { ChatChunk } from '../../../chat/chat.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { ask, onEachSurface, type Subject } from '../trial.ts';

const QUESTION = { stream: true, messages: [{ role: 'user', content: 'Count from 1 to 9.' }] };

export const stream: DoctorCheck = {
  id: 'stream',
  group: 'answers',
  title: { en: 'Let each surface stream an answer', zh: '让各接入面流式回答' },
  run: (examination) => onEachSurface(examination, streamed),
};

async function streamed(subject: Subject, examination: Examination): Promise<Finding> {
  const { chunks, firstMs, totalMs } = await ask(subject, examination, QUESTION);
  if (chunks.length === 0) {
    return warning(
      { en: 'came whole although a stream was asked for', zh: '要求流式却一次性返回' },
      {
        advice: {
          en: 'Something between gathers the answer: a proxy that buffers. Look at `base_url`.',
          zh: '中间有缓冲的代理：请检查 `base_url`。',
        },
      },
    );
  }
  const times = { first: Math.round(firstMs), total: Math.round(totalMs), count: chunks.length };
  const seen: Phrase = {
    en: `${times.count} pieces, the first after ${times.first} ms, the last after ${times.total} ms`,
    zh: `${times.count} 个分块，首个 ${times.first} 毫秒，结束 ${times.total} 毫秒`,
  };
  const empty = chunks.filter(isEmpty).length;
  return empty === 0 ? ok(seen) : heartbeats(empty, seen);
}

/** The last chunk of OpenAI’s own streams has no choice either, but usage. */
const isEmpty = ({ choices, usage }: ChatChunk): boolean => (choices ?? []).length === 0 && !usage;

/** Kimi For Coding guide: some chunks have no choices (heartbeats, end marks). */
function heartbeats(empty: number, seen: Phrase): Finding {
  const { en, zh } = typeof seen === 'string' ? { en: seen, zh: seen } : seen;
  return warning(
    {
      en: `${en}; ${empty} of them without choices: a program that reads choices[0] breaks there (“list index out of range”)`,
      zh: `${zh}；其中 ${empty} 个没有 choices：读取 choices[0] 的程序会出错（“list index out of range”）`,
    },
    {
      advice: {
        en: 'Through the gateway they do not reach clients (rule empty-choices); a program that calls the surface itself must skip them.',
        zh: '经网关时不会到达客户端（规则 empty-choices）；直接调用接入面的程序须自行跳过。',
      },
    },
  );
}
