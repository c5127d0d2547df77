import { expect, test } from 'vitest';
import { lookedUp } from './dns.ts';
import { taken } from './port.ts';
import { plain } from './tls.ts';

/** What cannot be met on every machine: names of a private network, hosts of the public one, ports of the system. */

test('a name that only the own network answers for', () => {
  expect(lookedUp('api.moonshot.cn', ['10.0.0.7', '192.168.1.9'])).toMatchObject({
    outcome: 'warning',
    about: 'api.moonshot.cn',
    seen: { en: '10.0.0.7, 192.168.1.9: not a public address' },
  });
  expect(lookedUp('api.moonshot.cn', ['10.0.0.7', '203.0.113.9'])).toMatchObject({ outcome: 'ok' });
  expect(lookedUp('localhost', ['127.0.0.1'])).toMatchObject({ outcome: 'ok' });
});

test('plain HTTP to a host that is not this machine', () => {
  expect(plain('api.moonshot.cn', 3)).toMatchObject({
    outcome: 'warning',
    seen: { en: expect.stringContaining('keys and prompts can be read on the way') },
    advice: { en: expect.stringContaining('https://') },
  });
  expect(plain('192.168.1.9', 3)).toMatchObject({ outcome: 'ok' });
});

test('a port that the system keeps', () => {
  expect(taken('EACCES', '0.0.0.0:80')).toMatchObject({
    outcome: 'failed',
    about: '0.0.0.0:80',
    seen: { en: 'cannot be listened on (EACCES)' },
    advice: { en: expect.stringContaining('Ports below 1024') },
  });
});
