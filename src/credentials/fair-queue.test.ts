import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeadlineHeap } from './deadline-heap.ts';
import { FairQueue, type Queued } from './fair-queue.ts';

class Item implements Queued<Item> {
  previous: Item | undefined;
  next: Item | undefined;
  readonly owner: string;
  readonly number: number;

  constructor(owner: string, number: number) {
    this.owner = owner;
    this.number = number;
  }
}

test('behaves as lists of owners in turn do, whoever leaves in between', () => {
  const step = fc.oneof(
    fc.record({ push: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ remove: fc.nat(50) }),
    fc.constant({ take: true } as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const queue = new FairQueue<Item>();
      let model: { owner: string; items: Item[] }[] = [];
      let number = 0;
      for (const one of steps) {
        const waiting = model.flatMap(({ items }) => items);
        if ('push' in one) {
          const item = new Item(one.push, number++);
          queue.push(item);
          const owner = model.find((known) => known.owner === one.push);
          if (owner) owner.items.push(item);
          else model.push({ owner: one.push, items: [item] });
        } else if ('remove' in one) {
          const item = waiting[one.remove % Math.max(1, waiting.length)];
          if (item) queue.remove(item);
          for (const owner of model) owner.items = owner.items.filter((other) => other !== item);
        } else {
          const item = queue.first;
          expect(item).toBe(model[0]?.items[0]);
          if (item) queue.take(item);
          const owner = model.shift();
          if (owner) model.push({ owner: owner.owner, items: owner.items.slice(1) });
        }
        model = model.filter(({ items }) => items.length > 0);
        expect(queue.first).toBe(model[0]?.items[0]);
        expect(queue.isEmpty).toBe(model.length === 0);
      }
    }),
  );
});

test('the heap always knows the earliest deadline', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(1_000), fc.integer({ min: -50, max: -1 })), { size: 'max', maxLength: 200 }),
      (steps) => {
        const heap = new DeadlineHeap<{ deadline: number; place: number }>();
        const model: { deadline: number; place: number }[] = [];
        for (const step of steps) {
          if (step >= 0) {
            const item = { deadline: step, place: -1 };
            heap.push(item);
            model.push(item);
          } else if (model.length > 0) {
            const [item] = model.splice(-step % model.length, 1);
            if (item) heap.remove(item);
            if (item) heap.remove(item);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.first?.deadline).toBe(
            model.length > 0 ? Math.min(...model.map((one) => one.deadline)) : undefined,
          );
        }
      },
    ),
  );
});
