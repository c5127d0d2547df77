import { finishReasons, refusal, toolPieces } from '../chat-stream.ts';
import { at, shown, textAt } from '../json-at.ts';
import { callProblems } from '../tool-call.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const toolCallStream: VerifyCheck = {
  id: 'tool-call-stream',
  group: 'tools',
  kind: 'protocol',
  title: { en: 'The pieces of a streamed tool call fit together', zh: '流式工具调用的片段可拼合' },
  meaning: {
    en: 'Agents get no call, two halves of one, or arguments that are no JSON.',
    zh: '智能体得不到调用、得到两个半截，或参数不是 JSON。',
  },
  uses: ['toolStream'],
  async run(probe) {
    const stream = await probe.shared('toolStream');
    const refused = refusal(stream);
    if (refused) return differs(refused);
    const pieces = toolPieces(stream);
    if (pieces.length === 0) return differs({ en: 'no piece of a call', zh: '没有调用的任何分块' });
    const calls = new Map<unknown, unknown[]>();
    for (const piece of pieces) calls.set(at(piece, 'index'), [...(calls.get(at(piece, 'index')) ?? []), piece]);
    const indexes = [...calls.keys()];
    const reasons = finishReasons(stream);
    return verdictOf([
      ...(indexes.every((index, place) => index === place)
        ? []
        : [{ en: `indexes ${shown(indexes)}, expected 0, 1, …`, zh: `index 为 ${shown(indexes)}，应为 0、1、…` }]),
      ...[...calls.values()].flatMap((own) => callProblems(assembled(own))),
      ...(reasons.length === 1 && reasons[0] === 'tool_calls'
        ? []
        : [{ en: `finish reasons ${shown(reasons)}`, zh: `finish_reason 为 ${shown(reasons)}` }]),
    ]);
  },
};

/** As clients do it: id and name of the first piece, the arguments of all. */
function assembled(pieces: readonly unknown[]): unknown {
  const [first] = pieces;
  const args = pieces.map((piece) => textAt(piece, 'function', 'arguments')).join('');
  return {
    id: at(first, 'id'),
    type: at(first, 'type'),
    function: { name: at(first, 'function', 'name'), arguments: args },
  };
}
