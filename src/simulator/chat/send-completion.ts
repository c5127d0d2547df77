import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import type { Segment } from '../script/draft.ts';
import { reasoningUnder } from './pieces.ts';
import type { Reply } from './reply.ts';
import { SplitWriter } from './split-writer.ts';

/** The whole answer at once. Scripted accidents of a stream have their counterpart here: half a body, none, or an error. */
export async function sendCompletion(reply: Reply, exchange: Exchange): Promise<void> {
  await sendWhole(reply, exchange, completion(reply));
}

export async function sendWhole(reply: Reply, exchange: Exchange, body: unknown): Promise<void> {
  const { draft } = reply;
  if (draft.errorChunk !== undefined) throw new Refusal({ status: 500, ...draft.errorChunk });
  if (draft.stallAfter !== undefined) await exchange.silence();
  const text = JSON.stringify(body);
  const half = text.slice(0, Math.floor(text.length / 2));
  exchange.begin(200, { 'content-type': 'application/json; charset=utf-8' });
  const writer = new SplitWriter(exchange, draft.splitBytes);
  const isWhole = draft.cutAfter === undefined && draft.endAfter === undefined && !draft.badJson;
  await writer.write(isWhole ? text : half);
  await writer.flush();
  if (draft.cutAfter !== undefined) await exchange.sever();
  exchange.response.end();
}

export function completion(reply: Reply): Record<string, unknown> {
  const { draft, output, envelope, fingerprint, usage } = reply;
  const reasoning = textOf(output.segments, 'reasoning');
  const calls: Record<string, unknown>[] = output.calls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }));
  const message = {
    role: 'assistant',
    content: textOf(output.segments, 'content'),
    ...(reasoning === '' ? {} : reasoningUnder(draft.reasoningKey, reasoning)),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  if (draft.callForm === 'nameless') calls.push({ id: 'nameless:0', type: 'function', function: { arguments: '{}' } });
  const { id, created, model } = envelope;
  return {
    ...{ id, object: 'chat.completion', created, model },
    choices: Array.from({ length: reply.request.choices }, (_, index) => ({
      index,
      message,
      finish_reason: output.finish,
    })),
    ...(draft.usagePlace === 'none' ? {} : { usage }),
    system_fingerprint: fingerprint,
  };
}

function textOf(segments: readonly Segment[], kind: Segment['kind']): string {
  return segments
    .filter((segment) => segment.kind === kind)
    .map((segment) => segment.text)
    .join('');
}
