import type { Phrase } from '../../language.ts';
import { refusal } from '../chat-stream.ts';
import type { ReceivedEvent } from '../exchange.ts';
import { at, shown, textAt } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const anthropicStream: VerifyCheck = {
  id: 'anthropic-stream',
  group: 'anthropic',
  kind: 'protocol',
  title: { en: 'The events of a message come in their order', zh: 'Anthropic 事件顺序正确' },
  meaning: { en: 'Clients of that protocol stop in the middle of an answer.', zh: '该协议的客户端会在回答中途停止。' },
  uses: ['messagesStream'],
  async run(probe) {
    const stream = await probe.shared('messagesStream');
    const verdict = missingFace(stream);
    if (verdict) return verdict;
    const refused = refusal(stream);
    if (refused) return differs(refused);
    const events = stream.events.filter(({ name }) => name !== 'ping');
    const text = events.map(({ json }) => textAt(json, 'delta', 'text')).join('');
    return verdictOf([
      ...orderProblems(events),
      ...(text.includes(SENTENCE) ? [] : [unlike(TEXT, text)]),
      ...(stream.isCut ? [{ en: 'the connection broke off', zh: '连接中断' }] : []),
    ]);
  },
};

/** message_start, then blocks that are opened and closed one after the other, message_delta, message_stop. */
function orderProblems(events: readonly ReceivedEvent[]): Phrase[] {
  const misnamed = events.find(({ name, json }) => at(json, 'type') !== name);
  const words = events.map(({ name }) => name);
  let open: unknown;
  const problems = misnamed
    ? [
        {
          en: `an event ${misnamed.name} of type ${shown(at(misnamed.json, 'type'))}`,
          zh: `事件 ${misnamed.name} 的 type 是 ${shown(at(misnamed.json, 'type'))}`,
        },
      ]
    : [];
  for (const { name, json } of events) {
    const index = at(json, 'index');
    if (name === 'content_block_start') {
      if (open !== undefined) problems.push({ en: 'a block begins inside another', zh: '一个块在另一个块内开始' });
      open = index;
    } else if (name === 'content_block_delta' && open !== index)
      problems.push({
        en: `a piece of block ${shown(index)}, which is not open`,
        zh: `块 ${shown(index)} 未开始却有内容`,
      });
    else if (name === 'content_block_stop') open = undefined;
  }
  if (words[0] !== 'message_start')
    problems.push({ en: `it begins with ${shown(words[0])}`, zh: `以 ${shown(words[0])} 开始` });
  if (words.at(-2) !== 'message_delta' || words.at(-1) !== 'message_stop')
    problems.push({ en: `it ends with ${shown(words.slice(-2))}`, zh: `以 ${shown(words.slice(-2))} 结束` });
  return problems;
}
