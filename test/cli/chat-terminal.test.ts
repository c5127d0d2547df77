import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, hasPython, Session } from './moongate.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

function inTerminal(folder: Folder, args: readonly string[] = []): Session {
  const env = { MOONSHOT_API_KEY_CN: 'sk-sim-cn', MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl };
  return Session.inTerminal(['chat', ...args], { cwd: folder.path, env });
}

const lastCall = () => simulator.calls.filter(({ path }) => path.endsWith('/chat/completions')).at(-1);

describe.skipIf(!hasPython)('chat in a terminal', () => {
  test('streams reasoning and answer, then tells who served', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('sim: think Let me see.\\\rsim: say Here it is.\r');
    await session.until('… ');
    await session.until(/Let me see\.\n\nHere it is\.\n/);
    await session.until(/kimi-k2\.6 \(k25: alias\) · moonshot-cn · \d+ tokens in, \d+ out · [\d.]+ s\n/);
    await session.until('k25> ');
    expect(session.raw).toContain('\u001b[2mLet');
    session.type(CTRL_D);
    expect(await session.exit).toBe(0);
  });

  test('Ctrl-C stops the answer and the call, not the program', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('sim: say one two three four five six\\\rsim: stall 3\r');
    await session.until(/\none/);
    session.type(CTRL_C);
    await session.until('The answer was stopped.');
    await session.until('k25> ');
    expect(await settled(() => lastCall()?.aborted === true)).toBe(true);
    session.type('and now?\r');
    await session.until('You asked: "and now?"');
    // The part that was seen stays in the dialogue.
    expect(lastCall()?.body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant' }, { content: 'and now?' }],
    });
    session.type(CTRL_D);
    expect(await session.exit).toBe(0);
  });

  test('Ctrl-C gives up what is typed, and leaves at the second empty prompt', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('half a thou');
    await session.until('half a thou');
    session.type(CTRL_C);
    await session.until('k25> ');
    session.type(CTRL_C);
    await session.until('Ctrl-C again leaves');
    session.type(CTRL_C);
    expect(await session.exit).toBe(0);
    expect(session.text).not.toContain('You asked');
  });

  test('/model lists, switches, and refuses what nobody serves', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('/model kimi\r');
    await session.until('kimi (kimi-k2.7-code on moonshot-cn)');
    await session.until('kimi> ');
    session.type('hello\r');
    await session.until('I am kimi-k2.7-code');
    await session.until('kimi> ');
    session.type('/model moonshot/kimi-k2.5\r');
    await session.until('moonshot/kimi-k2.5> ');
    session.type('/model kimi-k2.66\r');
    await session.until("Did you mean 'kimi-k2.6'");
    await session.until('moonshot/kimi-k2.5> ');
    session.type('/model\r');
    await session.until('* moonshot/kimi-k2.5');
    await session.until(/k25 +→ kimi-k2\.6/);
    session.type('/quit\r');
    expect(await session.exit).toBe(0);
  });

  test('an error is told and the chat goes on; /retry asks once more', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('sim: once status 400 invalid_request_error That will not do.\\\rsim: say Now it does.\r');
    await session.until('That will not do.');
    await session.until('k25> ');
    session.type('/retry\r');
    await session.until(/Now it does\.\n/);
    expect(lastCall()?.body).toMatchObject({ messages: [{ role: 'user' }] });
    await session.until('k25> ');
    session.type('sim: say Not all of\\\rsim: finish length\r');
    await session.until('it reached the token limit');
    session.type(CTRL_D);
    expect(await session.exit).toBe(0);
  });

  test('/system, /reasoning, /clear, /save and unknown commands', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('/system Be brief.\r');
    await session.until('System prompt: Be brief.\nk25> ');
    session.type('/reasoning off\r');
    await session.until('Reasoning is hidden.\nk25> ');
    session.type('sim: think secretly\\\rsim: say openly\r');
    await session.until(/thinking…\n\nopenly\n/);
    expect(lastCall()?.body).toMatchObject({ messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }] });
    await session.until('k25> ');
    session.type('/save talk.json\r');
    await session.until('is in talk.json.\nk25> ');
    const saved = JSON.parse(readFileSync(join(folder.path, 'talk.json'), 'utf8'));
    expect(saved.messages.at(-1)).toEqual({ role: 'assistant', content: 'openly' });
    session.type('/save talk.json\r');
    await session.until('it exists already');
    session.type('/clear\r');
    await session.until('The dialogue is forgotten');
    session.type('/modle\r');
    await session.until('Did you mean /model?');
    session.type('/help\r');
    await session.until('leave (also Ctrl-D)');
    session.type(CTRL_D);
    expect(await session.exit).toBe(0);
  });

  test('the history is kept, bounded and private', async () => {
    using folder = new Folder();
    const file = join(folder.path, '.moongate/chat-history');
    {
      await using session = inTerminal(folder);
      await session.until('k25> ');
      session.type('first question\r');
      await session.until('You asked');
      await session.until('k25> ');
      session.type(CTRL_D);
      await session.exit;
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe('first question\n');
    writeFileSync(file, `${Array.from({ length: 700 }, (_, index) => `line ${index}`).join('\n')}\nfirst question\n`);
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type(UP);
    await session.until('first question');
    session.type('!\r');
    await session.until('You asked: "first question!"');
    await session.until('k25> ');
    session.type(CTRL_D);
    await session.exit;
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(500);
    expect(lines.at(-1)).toBe('first question!');
  });

  test('what is typed during an answer waits for its turn, and a pasted text stays one message', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder, ['--no-history']);
    await session.until('k25> ');
    session.type('sim: say one two three four five six seven\\\rsim: pause 40\r');
    await session.until(/\none/);
    session.type('next question\r');
    await session.until('seven');
    await session.until('You asked: "next question"');
    await session.until('k25> ');
    session.type('\u001b[200~pasted one\rpasted two\u001b[201~\r');
    await session.until(/You asked: "pasted one/);
    expect(lastCall()?.body).toMatchObject({
      messages: expect.arrayContaining([{ role: 'user', content: 'pasted one\npasted two' }]),
    });
    session.type(CTRL_D);
    expect(await session.exit).toBe(0);
  });

  test('an answer cannot drive the terminal', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder);
    await session.until('k25> ');
    session.type('sim: say red\\u001b[31m and title\\u001b]0;gotcha\\u0007 end\r');
    await session.until('end\n');
    expect(session.raw).not.toContain('\u001b[31m');
    expect(session.raw).not.toContain('\u001b]0;');
    session.type(CTRL_D);
    await session.exit;
  });
});

/** Whether something becomes true soon; it happens in another process and nothing tells. */
async function settled(isSo: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 5_000;
  while (!isSo() && performance.now() < deadline) await new Promise((next) => setImmediate(next));
  return isSo();
}
