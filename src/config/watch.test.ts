import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { folder } from './fixture.ts';
import { loadConfig } from './load.ts';
import { type ConfigChange, watchConfig } from './watch.ts';

function start(files: Readonly<Record<string, string>>) {
  const cwd = folder(files);
  const changes: ConfigChange[] = [];
  const errors: GatewayError[] = [];
  const load = () => loadConfig({ cwd, env: {} });
  const watch = watchConfig({
    current: load(),
    load,
    onChange: (change) => changes.push(change),
    onError: (error) => errors.push(error),
    clock: systemClock,
    debounceMs: 10,
  });
  onTestFinished(() => watch.close());
  return { cwd, changes, errors, watch, write: (name: string, text: string) => writeFileSync(join(cwd, name), text) };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries++) await sleep(10);
  expect(isTrue()).toBe(true);
}

test('reload says what changed and what of that needs a restart', () => {
  const { watch, write } = start({ 'moongate.yaml': 'log: { level: info }\nkeys: [ { key: one-0123456789 } ]' });
  write('moongate.yaml', 'log: { level: debug }\nlisten: 9000\nkeys: [ { key: two-0123456789 } ]\naliases: { a: k25 }');
  expect(watch.reload()).toMatchObject({
    changed: ['listen.port', 'aliases.a', 'keys', 'log.level'],
    restart: ['listen.port'],
  });
  expect(watch.current.config.log.level).toBe('debug');
  expect(watch.reload()).toBeUndefined();
});

test('a broken file keeps the old configuration and says why', () => {
  const { watch, write, errors, changes } = start({ 'moongate.yaml': 'log: { level: warn }' });
  write('moongate.yaml', 'log: { level: loud }');
  expect(watch.reload()).toBeUndefined();
  expect(errors[0]?.message).toContain('moongate.yaml:1:8  log.level  must be one of');
  expect([watch.current.config.log.level, changes.length]).toEqual(['warn', 0]);
});

test('a new .env counts, and so does a file that was not there', () => {
  const { watch, write } = start({});
  write('.env', 'MOONGATE_STRICT=true\nKIMI_API_KEY=sk-kimi-0123456789');
  expect(watch.reload()?.changed).toEqual(['surfaces.kimi-code.credentials', 'strict']);
  write('moongate.yaml', 'data: elsewhere');
  expect(watch.reload()).toMatchObject({ changed: ['data'], restart: ['data'] });
});

test('files are watched, also when an editor saves by renaming', async () => {
  const { cwd, changes, errors, write } = start({ 'moongate.yaml': 'strict: false' });
  write('moongate.yaml', 'strict: true');
  await until(() => changes.length === 1);
  write('.moongate.yaml.swp', 'strict: false');
  renameSync(join(cwd, '.moongate.yaml.swp'), join(cwd, 'moongate.yaml'));
  await until(() => changes.length === 2);
  write('.env', 'MOONGATE_LOG_LEVEL=debug');
  await until(() => changes.length === 3);
  expect([changes.map(({ changed }) => changed), errors]).toEqual([[['strict'], ['strict'], ['log.level']], []]);
});

test('a change that the gateway cannot take over is reported and tried again with the next one', () => {
  const cwd = folder({});
  const current = loadConfig({ cwd, env: {} });
  const errors: string[] = [];
  let refuse = true;
  const watch = watchConfig({
    current,
    load: () => loadConfig({ cwd, env: {}, flags: { strict: true } }),
    onChange: () => {
      if (refuse) throw new GatewayError('internal', { message: 'no' });
    },
    onError: ({ message }) => errors.push(message),
    clock: systemClock,
  });
  onTestFinished(() => watch.close());
  expect([watch.reload(), watch.current, errors]).toEqual([undefined, current, ['no']]);
  refuse = false;
  expect(watch.reload()?.changed).toEqual(['strict']);
});

test('nothing happens after closing', async () => {
  const { changes, write, watch } = start({ 'moongate.yaml': 'strict: false' });
  write('moongate.yaml', 'strict: true');
  watch.close();
  await sleep(50);
  expect(changes).toEqual([]);
});
