import { expect, test } from 'vitest';
import { maskSecrets } from './diff.ts';

test.each([
  ['api_key = "abcdefghijklmnop"', 'api_key = "…mnop"'],
  ['"apiKey": "moongate"', '"apiKey": "moongate"'],
  ['KIMI_API_KEY=sk-kimi-0123456789,sk-kimi-abcdefghij', 'KIMI_API_KEY=…6789,…ghij'],
  ['MOONSHOT_API_KEY_CN=sk-sim-cn', 'MOONSHOT_API_KEY_CN=***'],
  [`- key: \${MOONSHOT_API_KEY_CN}`, `- key: \${MOONSHOT_API_KEY_CN}`],
  ['x: eyJhbGciOi.eyJzdWIiOi.c2lnbmF0', 'x: …bmF0'],
  ['auth_url: https://auth.example.com', 'auth_url: https://auth.example.com'],
])('%s', (text, shown) => expect(maskSecrets(text)).toBe(shown));
