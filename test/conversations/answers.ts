import { dataOf } from '../openai-schema.ts';

interface Piece {
  readonly choices?: readonly { readonly delta?: { content?: string }; readonly message?: { content?: string } }[];
  readonly error?: { readonly message: string; readonly code: string };
}

/** The text of an answer, streamed or whole; an error is thrown. */
export async function textOf(response: Response): Promise<string> {
  const body = await response.text();
  const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
  const pieces = isStream ? dataOf(body).filter((data) => data !== '[DONE]') : [body];
  let text = '';
  for (const piece of pieces.map((one) => JSON.parse(one) as Piece)) {
    if (piece.error) throw new Error(`${response.status} ${piece.error.code}: ${piece.error.message}`);
    const [choice] = piece.choices ?? [];
    text += choice?.delta?.content ?? choice?.message?.content ?? '';
  }
  if (isStream && !body.includes('data: [DONE]')) throw new Error('the stream has no end');
  return text;
}
