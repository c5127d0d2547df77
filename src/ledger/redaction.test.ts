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

// Large enough that whatever is not linear would be stopped by the time limit of the tests.
test('a text made to be slow is not', () => {
  expect(redaction.apply('-----BEGIN PRIVATE KEY-----'.repeat(100_000))).toBe('[private key]');
  expect(redaction.apply(`Bearer ${'a.'.repeat(1_000_000)}`)).toBe('Bearer [token]');
  const almost = 'eyJ'.repeat(500_000);
  expect(redaction.apply(almost) === almost).toBe(true);
});
