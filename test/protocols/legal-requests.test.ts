import { describe, expect, test } from 'vitest';
import { startOneSurface } from '../one-surface.ts';
import { LEGAL_CHAT } from './legal-chat.ts';
import { LEGAL_MESSAGES } from './legal-messages.ts';
import { LEGAL_RESPONSES } from './legal-responses.ts';
import { ANTHROPIC_HEADERS } from './messages-rig.ts';

/** Models that differ in what they refuse: untranslated, over the codec, and in the words of a chat. */
const PLACES = [
  { surface: 'kimi-code', model: 'k3' },
  { surface: 'kimi-code', model: 'kimi-for-coding' },
  { surface: 'moonshot-cn', model: 'kimi-k3' },
  { surface: 'moonshot-cn', model: 'kimi-k2.6' },
  { surface: 'moonshot-cn', model: 'kimi-k2.7-code' },
] as const;

const PROTOCOLS = [
  { path: '/v1/chat/completions', headers: { 'content-type': 'application/json' }, more: {}, rows: LEGAL_CHAT },
  { path: '/v1/messages', headers: ANTHROPIC_HEADERS, more: { max_tokens: 8_000 }, rows: LEGAL_MESSAGES },
  { path: '/v1/responses', headers: { 'content-type': 'application/json' }, more: {}, rows: LEGAL_RESPONSES },
] as const;

describe.each(PLACES)('whatever a protocol allows is answered by $model on $surface', ({ surface, model }) => {
  test.each(PROTOCOLS)('$path', async ({ path, headers, more, rows }) => {
    await using rig = await startOneSurface(surface);
    for (const [name, request] of Object.entries(rows)) {
      for (const stream of [false, true]) {
        const before = rig.simulator.calls.length;
        const body = JSON.stringify({ model, ...more, stream, ...request });
        const response = await rig.get(path, { method: 'POST', headers, body });
        const text = await response.text();
        const seen = { name, stream, status: response.status, text: text.slice(0, 300) };
        expect(seen).toMatchObject({
          status: 200,
          text: expect.not.stringMatching(/"type":"error"|response\.failed|"error":\{/),
        });
        // Understood at once: nothing was refused on the way.
        const refused = rig.simulator.calls
          .slice(before)
          .filter(({ status, method }) => method === 'POST' && status !== 200);
        expect({ name, stream, refused }).toEqual({ name, stream, refused: [] });
      }
    }
  });
});
