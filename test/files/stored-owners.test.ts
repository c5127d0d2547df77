import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Owner } from '../../src/files/owners.ts';
import { StoredOwners } from '../../src/files/stored-owners.ts';
import { silentLog } from '../../src/log.ts';
import { describeDatabases } from '../state/engines.ts';

const ONE = { surface: 'moonshot-cn', account: 'main', key: 'laptop', purpose: 'image', filename: '图.png' };
const OTHER = { surface: 'moonshot-ai', account: 'second', key: undefined, purpose: undefined, filename: undefined };

describeDatabases('whose a file is', (place) => {
  const open = async (clock = systemClock) => {
    const at = await place();
    const owners = () => new StoredOwners(at.open(), clock, silentLog);
    return { one: owners(), another: owners };
  };

  test('is known to every replica and after a restart, and may be told anew', async () => {
    const { one, another } = await open();
    await one.remember('file_1', ONE);
    await one.remember('file_2', OTHER);
    expect(await another().find('file_1')).toEqual(ONE);
    expect(await another().find('file_2')).toEqual(OTHER);
    await one.remember('file_2', ONE);
    expect(await another().find('file_2')).toEqual(ONE);
    await one.forget('file_1');
    expect([await one.find('file_1'), await another().find('file_1')]).toEqual([undefined, undefined]);
  });

  test('of a long list is asked at once', async () => {
    const { one, another } = await open();
    await one.remember('file_7', ONE);
    await one.remember('file_1_999', OTHER);
    const ids = Array.from({ length: 2_000 }, (_, index) => `file_1_${index}`);
    expect(await another().findAll(['file_7', ...ids])).toEqual(
      new Map<string, Owner>([
        ['file_7', ONE],
        ['file_1_999', OTHER],
      ]),
    );
  });

  test('stays known while it is asked for', async () => {
    let now = 0;
    let ticks = 0;
    const clock = { ...systemClock, now: () => now, ticks: () => ticks };
    const { one, another } = await open(clock);
    await one.remember('file_used', ONE);
    now += 200 * 86_400_000;
    expect(await another().find('file_used')).toEqual(ONE);
    now += 200 * 86_400_000;
    ticks += 3_600_000;
    await one.remember('file_new', ONE);
    expect(await another().find('file_used')).toEqual(ONE);
  });

  test('is forgotten after a year', async () => {
    let now = 0;
    let ticks = 0;
    const clock = { ...systemClock, now: () => now, ticks: () => ticks };
    const { one, another } = await open(clock);
    await one.remember('file_old', ONE);
    now += 367 * 86_400_000;
    ticks += 3_600_000;
    await one.remember('file_new', ONE);
    expect(await another().find('file_old')).toBeUndefined();
    expect(await another().find('file_new')).toEqual(ONE);
  });
});
