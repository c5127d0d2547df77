import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startRig } from '../setup.ts';
import { textOf } from './answers.ts';
import { type Message, messagesOf, sent } from './rig.ts';
import { DataFolder } from './seed-example.ts';
import { startWitness, witnessed, witnessSurface } from './witness-surface.ts';

interface ModelTurn {
  readonly asked: string;
  readonly answer: string | undefined;
}

type Model = Map<string, readonly ModelTurn[]>;

/** What is said in a turn, in order. */
const said = ({ asked, answer }: ModelTurn) => [
  { role: 'user', content: asked },
  ...(answer === undefined ? [] : [{ role: 'assistant', content: answer }]),
];
const answered = (before: readonly ModelTurn[], asked: string): ModelTurn => ({
  asked,
  answer: witnessed([...before.flatMap(said), { role: 'user', content: asked }]),
});
/** The turn of each message, and whether the message is its answer. */
const places = (turns: readonly ModelTurn[]) =>
  turns.flatMap((turn, at) => said(turn).map(({ role }) => ({ at, isAnswer: role === 'assistant' })));

const name = fc.constantFrom('a', 'b', 'c');
const text = fc.string({ minLength: 1, maxLength: 12 });
/** Which of the messages, as a part of their number. */
const which = fc.double({ min: 0, max: 0.999, noNaN: true });
const operations = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), name, text, stream: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('edit' as const), name, text, which, truncate: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('regenerate' as const), name, which, last: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fork' as const), name, to: name, which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  ),
  { minLength: 4, maxLength: 16 },
);

type Operation = typeof operations extends fc.Arbitrary<(infer One)[]> ? One : never;

/** What is to become of the model; undefined where the gateway has to refuse. */
function expected(model: Model, operation: Operation): readonly ModelTurn[] | 'gone' | undefined {
  const turns = model.get(operation.name);
  if (operation.do === 'say') return [...(turns ?? []), answered(turns ?? [], operation.text)];
  if (turns === undefined) return undefined;
  if (operation.do === 'delete') return 'gone';
  const all = places(turns);
  const place = all[Math.floor(('which' in operation ? operation.which : 0) * all.length)];
  if (operation.do === 'fork' && model.has(operation.to)) return undefined;
  if (place === undefined) return undefined;
  const { at, isAnswer } = place;
  const turn = turns[at];
  if (turn === undefined) return undefined;
  const before = turns.slice(0, at);
  if (operation.do === 'fork') return [...before, isAnswer ? turn : { ...turn, answer: undefined }];
  if (operation.do === 'edit') {
    const changed = isAnswer ? { ...turn, answer: operation.text } : { ...turn, asked: operation.text };
    const kept = operation.truncate && !isAnswer ? { ...changed, answer: undefined } : changed;
    return [...before, kept, ...(operation.truncate ? [] : turns.slice(at + 1))];
  }
  const again = operation.last ? turns.length - 1 : at;
  return [...turns.slice(0, again), answered(turns.slice(0, again), turns[again]?.asked ?? '')];
}

test('whatever is done to conversations, they are what a simple model says', async () => {
  using data = new DataFolder();
  await using surface = await startWitness();
  await using rig = await startRig({ config: { surfaces: witnessSurface(surface), data: data.path } });
  const read = async (one: string) => {
    const response = await rig.get(`/v1/conversations/${one}`);
    const body = (await response.json()) as Record<string, unknown>;
    return response.status === 404 ? undefined : messagesOf(body);
  };
  const idAt = (messages: readonly Message[] | undefined, part: number) =>
    messages?.[Math.floor(part * messages.length)]?.id ?? 'msg_none_0';
  const perform = async (operation: Operation): Promise<Response> => {
    const path = `/v1/conversations/${operation.name}`;
    if (operation.do === 'say') {
      const { stream, text: content } = operation;
      const body = { model: 'kimi-k2.6', stream, messages: [{ role: 'user', content }] };
      return rig.get(`/v1/chat/completions/${operation.name}`, sent('POST', body));
    }
    if (operation.do === 'delete') return rig.get(path, { method: 'DELETE' });
    const id = idAt(await read(operation.name), operation.which);
    if (operation.do === 'edit') {
      const { text: content, truncate } = operation;
      return rig.get(`${path}/messages/${id}`, sent('PATCH', { content, truncate }));
    }
    if (operation.do === 'fork') return rig.get(`${path}/fork`, sent('POST', { id: operation.to, at: id }));
    return rig.get(`${path}/regenerate`, sent('POST', operation.last ? {} : { message: id }));
  };

  await fc.assert(
    fc.asyncProperty(operations, async (sequence) => {
      const model: Model = new Map();
      await rig.get('/v1/conversations?all=true', { method: 'DELETE' });
      for (const operation of sequence) {
        const next = expected(model, operation);
        const response = await perform(operation);
        if (next === undefined) expect([404, 409]).toContain(response.status);
        else expect(response.status).toBe(200);
        const isAnswer = operation.do === 'say' || operation.do === 'regenerate';
        const told = isAnswer && next !== undefined ? await textOf(response) : void (await response.text());
        const where = operation.do === 'fork' ? operation.to : operation.name;
        if (next === 'gone') model.delete(where);
        else if (next !== undefined) model.set(where, next);
        if (told !== undefined && next !== 'gone') expect(told).toBe(next?.at(-1)?.answer);
        for (const one of ['a', 'b', 'c']) {
          const stored = (await read(one))?.map(({ role, content }) => ({ role, content }));
          expect(stored).toEqual(model.get(one)?.flatMap(said));
        }
      }
    }),
    { numRuns: 40 },
  );
  const database = new DatabaseSync(`${data.path}/moongate.db`);
  const wrong = database.prepare(
    `select count(*) as count from conversations c where turns <> (select count(*) from conversation_turns t where t.conversation = c.id)
     or bytes <> (select sum(bytes) from conversation_turns t where t.conversation = c.id)`,
  );
  expect(wrong.get()).toEqual({ count: 0 });
  database.close();
});
