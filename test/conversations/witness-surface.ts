import { createHash } from 'node:crypto';
import { chunk, completion, event, type FakeSurface, sendJson, startFakeSurface } from '../fake-surface.ts';

interface Said {
  readonly role: string;
  readonly content: string;
}

/** What an answer says of the messages that were before it. */
export function witnessed(messages: readonly Said[]): string {
  const said = JSON.stringify(messages.map(({ role, content }) => [role, content]));
  return `saw ${messages.length} messages ${createHash('sha256').update(said).digest('hex').slice(0, 24)}`;
}

/** A surface whose answer is a witness of what it was asked: whoever has the answer knows which history it saw. */
export function startWitness(): Promise<FakeSurface> {
  return startFakeSurface(async ({ body }, response) => {
    const { messages, stream } = JSON.parse(body.toString()) as { messages: Said[]; stream?: boolean };
    const answer = witnessed(messages);
    if (!stream) return sendJson(response, 200, completion(answer));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const word of answer.split(/(?= )/)) {
      response.write(event(chunk({ content: word })));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end(`${event(chunk({}, 'stop'))}data: [DONE]\n\n`);
  });
}

export const witnessSurface = ({ baseUrl }: FakeSurface) => ({
  witness: {
    type: 'compatible',
    base_url: baseUrl,
    credentials: [{ key: 'sk-witness-0123456789' }],
    models: { 'kimi-k2.6': 'kimi-k2.6' },
  },
});
