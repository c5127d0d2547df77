import { describe, expect, test } from 'vitest';
import { startOneSurface } from '../one-surface.ts';
import { RECORDED } from './recorded-requests.ts';

/** Models that differ in what they refuse, each on the surface of its name alone. */
const PLACES = [
  { surface: 'moonshot-cn', model: 'kimi-k2.6' },
  { surface: 'moonshot-cn', model: 'kimi-k2.7-code' },
  { surface: 'moonshot-cn', model: 'kimi-k3' },
  { surface: 'kimi-code', model: 'k3' },
  { surface: 'kimi-code', model: 'kimi-for-coding' },
  { surface: 'kimi-code', model: 'claude-sonnet-4-5' },
] as const;

describe.each(PLACES)('what real programs send, for $model on $surface', ({ surface, model }) => {
  test.each(RECORDED.map((recorded) => [recorded.client, recorded] as const))('%s', async (_client, recorded) => {
    await using rig = await startOneSurface(surface);
    const asked = () => rig.simulator.calls.filter(({ method }) => method === 'POST');
    const response = await rig.get(recorded.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...recorded.headers },
      body: JSON.stringify({ model, ...recorded.body }),
    });
    const text = await response.text();
    expect({ status: response.status, text: text.slice(0, 500) }).toMatchObject({ status: 200 });
    expect(text).toContain('Done.');
    expect(text).not.toContain('"error":{');
    // Understood at once: nothing was refused on the way.
    expect(asked().filter(({ status }) => status !== 200)).toEqual([]);
  });
});
