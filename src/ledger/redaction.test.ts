import { expect, test } from 'vitest';
import { Redaction } from './redaction.ts';

const redaction = new Redaction(['\\b\\d{16}\\b']);

test.each([
  ['key sk-kimi-0123456789abcdef end', 'key [key] end'],
  ['Authorization: Bearer abcdef.0123456789', 'Authorization: Bearer [token]'],
  ['ghp_0123456789012345678901 AKIA0123456789ABCDEF', '[key] [key]'],
  ['token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl!', 'token [token]!'],
  ['a -----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- b', 'a [private key] b'],
  ['a -----BEGIN PRIVATE KEY-----\\nMIIE, and here the text was cut', 'a [private key]'],
  ['see data:image/png;base64,iVBORw0KGgo= there', 'see data:image/png;base64,[left out] there'],
  ['card 4111111111111111.', 'card [redacted].'],
  ['nothing to hide, not even a risk-averse task', 'nothing to hide, not even a risk-averse task'],
])('%s', (text, clean) => {
  expect(redaction.apply(text)).toBe(clean);
});

test('a text made to be slow is not', () => {
  const began = performance.now();
  redaction.apply('-----BEGIN PRIVATE KEY-----'.repeat(20_000));
  redaction.apply(`Bearer ${'a.'.repeat(200_000)}`);
  redaction.apply('eyJ'.repeat(100_000));
  expect(performance.now() - began).toBeLessThan(3_000);
});
