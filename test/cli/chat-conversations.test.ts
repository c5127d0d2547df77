import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, hasPython, moongate, Session } from './moongate.ts';

let simulator: Simulator;
const folder = new Folder();

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
  folder[Symbol.dispose]();
});

const surroundings = () => ({
  cwd: folder.path,
  env: { MOONSHOT_API_KEY_CN: 'sk-sim-cn', MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl },
});

async function inTerminal(args: readonly string[] = []): Promise<Session> {
  const session = Session.inTerminal(['chat', ...args], surroundings());
  await session.until(/\S+> $/);
  return session;
}

const asked = () => {
  const body = simulator.calls.filter(({ path }) => path.endsWith('/chat/completions')).at(-1)?.body;
  return (body as { messages: { role: string; content: unknown }[] }).messages.map(
    ({ role, content }) => `${role}: ${content}`,
  );
};

describe.skipIf(!hasPython)('a conversation that the gateway remembers', () => {
  test('continues after a restart, here and in scripts', async () => {
    const first = await moongate(['chat', '--conversation', 'trip', '--system', 'Be brief.', 'one'], surroundings());
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const second = await moongate(['chat', '--conversation', 'trip', '--json', 'two'], surroundings());
    expect(JSON.parse(second.stdout)).toMatchObject({ conversation: 'trip' });
    await using session = await inTerminal(['--conversation', 'trip']);
    expect(session.text).toContain('Conversation trip goes on after 2 questions.');
    session.type('three\r');
    await session.until('You asked: "three"');
    expect(asked().filter((line) => !line.startsWith('assistant'))).toEqual([
      ...['system: Be brief.', 'user: one', 'user: two', 'user: three'],
    ]);
    await session.until('k25> ');
    session.type('/retry\r');
    await session.until('You asked: "three"');
    expect(asked()).toHaveLength(6);
    await session.until('k25> ');
    session.type('/fork trip-b\r');
    await session.until('Going on in the conversation trip-b, after 3 questions; trip stays as it is.');
    session.type('four\r');
    await session.until('You asked: "four"');
    await session.until('k25> ');
    session.type('/conversation\r');
    await session.until('* trip-b (4) one');
    await session.until('  trip (3) one');
    session.type('/fork trip\r');
    await session.until('Going on in the conversation trip, after 3 questions');
    session.type('/quit\r');
    expect(await session.exit).toBe(0);
  });

  test('begins with what was said before, and tools are part of it', async () => {
    await using session = await inTerminal();
    session.type('sim: say hello\r');
    await session.until('hello\n');
    await session.until('k25> ');
    session.type('/conversation kept\r');
    await session.until('The gateway remembers this dialogue as kept: 1 question so far.');
    session.type('/tools on\r');
    await session.until('Tools are on');
    session.type('sim: tool current_time {}\\\rsim: turn 2\\\rsim: say It is late.\r');
    await session.until('[y/N] ');
    session.type('y\r');
    await session.until('It is late.');
    expect(asked().map((line) => line.split(':')[0])).toEqual(['user', 'assistant', 'user', 'assistant', 'tool']);
    await session.until('k25> ');
    session.type('/conversation off\r');
    await session.until('kept stays as it is');
    session.type('/quit\r');
    expect(await session.exit).toBe(0);
  });
});
