import type { Output } from './output.ts';

/** One `delta` of a stream. */
export type Piece = Readonly<Record<string, unknown>>;

/** About a token each; arguments come in very small pieces (recorded streams of MoonshotAI/moonpalace). */
const TEXT_PIECE = /\s*\S{1,6}|\s+/gu;
const ARGUMENT_PIECE = 4;
/** Long arguments take larger pieces, so that a megabyte is not a quarter of a million chunks. */
const MAX_ARGUMENT_PIECES = 2000;

export function* piecesOf(output: Output, reasoningKey: string): Generator<Piece> {
  for (const segment of output.segments) {
    const key = segment.kind === 'reasoning' ? reasoningKey : 'content';
    if (segment.whole === true) yield { [key]: segment.text };
    else for (const [text] of segment.text.matchAll(TEXT_PIECE)) yield { [key]: text };
  }
  for (const [index, call] of output.calls.entries()) {
    const opening = { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } };
    yield { tool_calls: [opening] };
    const letters = Array.from(call.arguments);
    const size = Math.max(ARGUMENT_PIECE, Math.ceil(letters.length / MAX_ARGUMENT_PIECES));
    for (let start = 0; start < letters.length; start += size) {
      const text = letters.slice(start, start + size).join('');
      yield { tool_calls: [{ index, function: { arguments: text } }] };
    }
  }
}
