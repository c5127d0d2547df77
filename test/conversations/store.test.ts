import { expect, test } from 'vitest';
import type { Conversation } from '../../src/conversations/conversation.ts';
import { ConversationStore } from '../../src/conversations/conversation-store.ts';
import { describeDatabases } from '../state/engines.ts';

const fresh = (more: Partial<Conversation> = {}): Conversation => ({
  ...{ id: 'x1', owner: 'me', name: 'a', title: 'T', model: undefined, createdAt: 1, usedAt: 1, turns: 0, bytes: 0 },
  ...{ version: 1, details: {} },
  ...more,
});

describeDatabases('the store of conversations', (place) => {
  test('what is read while others write belongs to one moment', async () => {
    const where = await place();
    const [writing, reading] = [where.open(), where.open()];
    const [writer, reader] = [new ConversationStore(writing), new ConversationStore(reading)];
    await writer.write({ conversation: fresh(), put: [], fence: 1 });
    let isOver = false;
    const work = (async () => {
      for (let at = 0; at < 150; at++) {
        const turn = { id: `t${at}`, seq: at, at: 1, state: 'open' as const, asked: [] };
        await writer.write({ conversation: fresh({ version: at + 2, turns: at + 1 }), put: [turn], fence: 1 });
      }
      isOver = true;
    })();
    while (!isOver) {
      const read = await reader.read('me', 'a');
      expect(read?.turns).toHaveLength(read?.conversation.turns ?? -1);
    }
    await work;
    await Promise.all([writing.close(), reading.close()]);
  });

  test('only who has seen the last change may make the next one, and no holder of an older lock', async () => {
    const one = (await place()).open();
    const store = new ConversationStore(one);
    const busy = expect.objectContaining({ code: 'conversation_busy' });
    await store.write({ conversation: fresh(), put: [], fence: 10 });
    await expect(store.write({ conversation: fresh({ id: 'x2' }), put: [], fence: 11 })).rejects.toEqual(busy);
    await store.write({ conversation: fresh({ version: 2, title: 'two' }), put: [], fence: 12 });
    const turn = { id: 't', seq: 0, at: 1, state: 'open' as const, asked: [] };
    await expect(store.write({ conversation: fresh({ version: 2 }), put: [turn], fence: 13 })).rejects.toEqual(busy);
    await expect(store.write({ conversation: fresh({ version: 3 }), put: [turn], fence: 11 })).rejects.toEqual(busy);
    expect(await store.read('me', 'a')).toMatchObject({ conversation: { title: 'two', version: 2 }, turns: [] });
    expect(await store.read('you', 'a')).toBeUndefined();
    await store.write({ conversation: fresh({ version: 3 }), put: [turn], fence: 12 });
    expect(await store.delete('x1')).toBe(true);
    await expect(store.write({ conversation: fresh({ version: 4 }), put: [], fence: 14 })).rejects.toEqual(busy);
    expect(await store.read('me', 'a')).toBeUndefined();
    await one.close();
  });
});
