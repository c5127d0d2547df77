import type { CallForm, Draft } from '../script/draft.ts';
import type { Output } from './output.ts';

/** One `delta` of a stream. */
export type Piece = Readonly<Record<string, unknown>>;

/** About a token each; arguments come in very small pieces (recorded streams of MoonshotAI/moonpalace). */
const TEXT_PIECE = /\s*\S{1,6}|\s+/gu;
const ARGUMENT_PIECE = 4;
/** Long arguments take larger pieces, so that a megabyte is not a quarter of a million chunks. */
const MAX_ARGUMENT_PIECES = 2000;

export function* piecesOf(output: Output, { reasoningKey, callForm }: Draft): Generator<Piece> {
  for (const segment of output.segments) {
    const isReasoning = segment.kind === 'reasoning';
    const told = (text: string) => (isReasoning ? reasoningUnder(reasoningKey, text) : { content: text });
    if (segment.whole === true) yield told(segment.text);
    else for (const [text] of segment.text.matchAll(TEXT_PIECE)) yield told(text);
  }
  if (callForm === 'nameless')
    yield { tool_calls: [{ index: output.calls.length, id: 'nameless:0', type: 'function' }] };
  for (const [index, call] of output.calls.entries()) yield* callPieces(index, call, callForm);
}

/** Other hosts of the models call it `reasoning`, and OpenRouter sends a list of details beside that. */
export function reasoningUnder(key: string, text: string): Piece {
  return { [key]: key === 'reasoning_details' ? [{ type: 'reasoning.text', text, index: 0 }] : text };
}

function* callPieces(index: number, call: Output['calls'][number], form: CallForm): Generator<Piece> {
  const place = form === 'without-index' ? {} : { index };
  yield {
    tool_calls: [{ ...place, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
  };
  const again = form === 'repeated' ? { id: call.id, type: 'function' } : {};
  const name = form === 'repeated' ? { name: call.name } : {};
  const letters = Array.from(call.arguments);
  const size = Math.max(ARGUMENT_PIECE, Math.ceil(letters.length / MAX_ARGUMENT_PIECES));
  for (let start = 0; start < letters.length; start += size) {
    const text = letters.slice(start, start + size).join('');
    yield { tool_calls: [{ ...place, ...again, function: { ...name, arguments: text } }] };
  }
}
