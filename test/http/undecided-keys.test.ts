import { expect, test } from 'vitest';
import { AI_KEY, CN_KEY, describeMatrix, startRig } from '../setup.ts';
import { until } from '../until.ts';

describeMatrix('MOONSHOT_API_KEY', (door) => {
  test.each([
    { key: CN_KEY, surface: 'moonshot-cn' },
    { key: AI_KEY, surface: 'moonshot-ai' },
  ])('finds $surface by itself', async ({ key, surface }) => {
    const config = ({ cnBaseUrl, aiBaseUrl }: { cnBaseUrl: string; aiBaseUrl: string }) => ({
      surfaces: { 'moonshot-cn': { base_url: cnBaseUrl }, 'moonshot-ai': { base_url: aiBaseUrl } },
    });
    await using rig = await startRig({ door, config, env: { MOONSHOT_API_KEY: key } });
    const response = await rig.chat('sim: say hi');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-moongate-surface')).toBe(surface);
    await response.text();
    await until(() => rig.gateway.runtime.catalogue.list(surface), 'the model list');
  });
});
