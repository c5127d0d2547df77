import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { BareGateway } from './bare-gateway.ts';
import { Folder, hasPython, Session } from './moongate.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function inTerminal(
  folder: Folder,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const env = {
    ...more,
    MOONSHOT_API_KEY_CN: 'sk-sim-cn',
    MOONSHOT_API_KEY_AI: 'sk-sim-ai',
    MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl,
    MOONGATE_MOONSHOT_AI_BASE_URL: simulator.aiBaseUrl,
  };
  const session = Session.inTerminal(['chat', ...args], { cwd: folder.path, env });
  await session.until(/\S+> $/);
  return session;
}

const chats = () => simulator.calls.filter(({ path }) => path.endsWith('/chat/completions'));
const lastBody = () =>
  chats().at(-1)?.body as { messages: { role: string; content: unknown }[]; [member: string]: unknown };

async function leave(session: Session): Promise<void> {
  session.type(CTRL_D);
  expect(await session.exit).toBe(0);
}

describe.skipIf(!hasPython)('the commands of the chat', () => {
  test('Tab completes commands, models, aliases, words and files', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'a-long-name.txt'), 'x');
    await using session = await inTerminal(folder);
    for (const [typed, completed] of [
      ['/surf\t', '/surface'],
      ['/model kimi-k2.7-code-h\t', '/model kimi-k2.7-code-highspeed'],
      ['/model moonli\t', '/model moonlight-v1-32k'],
      ['/think ma\t', '/think max'],
      ['/surface moonshot-a\t', '/surface moonshot-ai'],
      ['/attach a-l\t', '/attach a-long-name.txt'],
    ] as const) {
      session.type(typed);
      await session.until(completed);
      session.type(CTRL_C);
      await session.until('k25> ');
    }
    await leave(session);
  });

  test('/surface, /think and /search say what is asked for', async () => {
    using folder = new Folder();
    await using session = await inTerminal(folder);
    session.type('/surface moonshot-ai\r');
    await session.until('* moonshot-ai');
    session.type('/model kimi-k3\r');
    await session.until('kimi-k3 on moonshot-ai');
    session.type('/think max\r');
    await session.until('Thinking: max');
    session.type('hello\r');
    await session.until(/kimi-k3.* · moonshot-ai · /);
    expect(lastBody()).toMatchObject({ model: 'kimi-k3', reasoning_effort: 'max' });
    session.type('/surface auto\r');
    await session.until('* auto');
    session.type('/model k25\r');
    await session.until('k25> ');
    session.type('/think off\r');
    await session.until('Thinking: off');
    session.type('hello again\r');
    await session.until(/kimi-k2\.6 .* · moonshot-cn · /);
    expect(lastBody()).toMatchObject({ thinking: { type: 'disabled' } });
    session.type('/surface kimi-web\r');
    await session.until('no usable surface kimi-web. There are: moonshot-cn, moonshot-ai');
    session.type('/think hard\r');
    await session.until('/think takes low, high, max, off or auto');
    await leave(session);
  });

  test('/attach sends texts and pictures with the next message, once', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'notes one.md'), 'Remember the ```milk```.\n');
    writeFileSync(join(folder.path, 'dot.png'), PNG);
    await using session = await inTerminal(folder);
    session.type('/attach notes one.md\r');
    await session.until('notes one.md (text, 1 KiB)');
    session.type('/attach "dot.png"\r');
    await session.until('dot.png (image, 1 KiB)');
    session.type('What is this?\r');
    await session.until(' tokens in');
    const [message] = lastBody().messages;
    expect(message?.content).toEqual([
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.toString('base64')}` } },
      { type: 'text', text: 'File notes one.md:\n\n````\nRemember the ```milk```.\n````\n\nWhat is this?' },
    ]);
    session.type('And now?\r');
    await session.until('You asked: "And now?"');
    expect(lastBody().messages.at(-1)?.content).toBe('And now?');
    // The platform reads it; the simulator takes its bytes for its text.
    writeFileSync(join(folder.path, 'a.pdf'), '%PDF-1.7 An old gate.\n');
    session.type('/attach a.pdf\r');
    await session.until('a.pdf (document, 1 KiB)');
    session.type('And this?\r');
    await session.until(/You asked: "[^"]*An old gate/);
    expect(simulator.calls.at(-2)).toMatchObject({ method: 'DELETE', path: expect.stringContaining('/files/') });
    session.type('/attach nothing.txt\r');
    await session.until('There is no file nothing.txt.');
    session.type('/attach .\r');
    await session.until('. is not a file.');
    await leave(session);
  });

  test('/tools asks before each call; what is refused or outside of the folder is not read', async () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'poem.txt'), 'The moon\nover the gate\n');
    writeFileSync(join(folder.path, '.env'), 'SECRET=1\n');
    await using session = await inTerminal(folder);
    session.type('/tools on\r');
    await session.until('Tools are on');
    const script = [
      'sim: tool read_file {"path":"poem.txt"}',
      'sim: tool search_files {"text":"GATE"}',
      'sim: tool read_file {"path":".env"}',
      'sim: tool list_files {}',
      'sim: tool read_file {"path":"/etc/hostname"}',
      'sim: turn 2',
      'sim: say It is a poem.',
    ];
    session.type(`${script.join('\\\r')}\r`);
    for (const [question, reply] of [
      ['Run read_file {"path":"poem.txt"} ? [y/N] ', 'y\r'],
      ['Run search_files {"text":"GATE"} ? [y/N] ', 'yes\r'],
      ['Run read_file {"path":".env"} ? [y/N] ', 'y\r'],
      ['Run list_files {} ? [y/N] ', '\r'],
      ['Run read_file {"path":"/etc/hostname"} ? [y/N] ', 'y\r'],
    ] as const) {
      await session.until(question);
      session.type(reply);
    }
    await session.until('It is a poem.');
    const results = lastBody()
      .messages.filter(({ role }) => role === 'tool')
      .map(({ content }) => content);
    expect(results).toEqual([
      '1\tThe moon\n2\tover the gate\n3\t',
      'poem.txt:2: over the gate',
      '.env may hold secrets and may not be read.',
      'The user did not allow this call.',
      '/etc/hostname is outside of the folder of this chat and may not be read.',
    ]);
    // What was said to the questions is not among the typed lines.
    expect(readFileSync(join(folder.path, '.moongate/chat-history'), 'utf8')).not.toMatch(/^(?:y|yes)$/m);
    await session.until('k25> ');
    await leave(session);
  });

  test('what was typed before a question does not answer it, and Ctrl-C stops the turn', async () => {
    using folder = new Folder();
    await using session = await inTerminal(folder);
    session.type('/tools on\r');
    await session.until('Tools are on');
    session.type('sim: say a b c\\\rsim: pause 60\\\rsim: tool current_time {}\r');
    await session.until(/\na/);
    session.type('y\r');
    await session.until('Run current_time {} ? [y/N] ');
    session.type(CTRL_C);
    await session.until('The answer was stopped.');
    await session.until('You asked: "y"');
    await leave(session);
  });

  test('/fork goes two ways, /save and /load carry a dialogue over, /usage sums up', async () => {
    using folder = new Folder();
    {
      await using session = await inTerminal(folder, ['--system', 'Be brief.']);
      session.type('/usage\r');
      await session.until('Nothing was used yet.');
      session.type('first\r');
      await session.until('You asked: "first"');
      await session.until('k25> ');
      session.type('/fork other\r');
      await session.until('Going on in the fork other.');
      session.type('second, here\r');
      await session.until('You asked: "second, here"');
      expect(lastBody().messages).toHaveLength(4);
      await session.until('k25> ');
      session.type('/fork main\r');
      await session.until('Back in main, after 1 question.');
      session.type('/fork\r');
      await session.until('* main (1)\n  other (2)');
      session.type('second, there\r');
      await session.until('You asked: "second, there"');
      await session.until('k25> ');
      session.type('/save talk.json\r');
      await session.until('2 questions');
      session.type('/usage\r');
      await session.until(/kimi-k2\.6 +moonshot-cn +3 +\d+ +\d+ +\d+ +¥0\.\d+/);
      await leave(session);
    }
    await using session = await inTerminal(folder);
    session.type('/load talk.json\r');
    await session.until('Going on after 2 questions');
    session.type('third\r');
    await session.until('You asked: "third"');
    expect(lastBody().messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'user', 'assistant', 'user'],
    ]);
    session.type('/load dot.png\r');
    await session.until('There is no file dot.png');
    await leave(session);
  });

  test('shows Markdown as it arrives; --no-markdown and NO_COLOR show the source', async () => {
    using folder = new Folder();
    const question = 'sim: say Some **bold** and `code`.\\n\\n- one\\n- two\\n\\n```js\\nconst a = 1;\\n```\\n\r';
    {
      await using session = await inTerminal(folder);
      session.type(question);
      await session.until(/• two\n\n {2}const a = 1;\n/);
      expect(session.raw).toContain('\u001b[1mbold\u001b[22m');
      expect(session.raw).toContain('\u001b[35mconst\u001b[39m');
      await leave(session);
    }
    for (const [args, env] of [
      [['--no-markdown'], {}],
      [[], { NO_COLOR: '1' }],
    ] as const) {
      await using session = await inTerminal(folder, args, env);
      session.type(question);
      await session.until(/Some \*\*bold\*\* and `code`\.\n\n- one/);
      const hasColours = /\p{Cc}\[\d+m/u.test(session.raw);
      expect(hasColours).toBe(args.length > 0);
      await leave(session);
    }
  });

  test('speaks Chinese where the locale does', async () => {
    using folder = new Folder();
    await using session = await inTerminal(folder, ['--lang', 'zh']);
    expect(session.text).toContain('Ctrl-D 退出');
    session.type('/help\r');
    await session.until(/\/usage +本次聊天的用量/);
    session.type('/modle\r');
    await session.until('是否想输入 /model？');
    session.type('sim: say 你好\\\rsim: finish length\r');
    await session.until('回答不完整');
    await leave(session);
  });
});

describe.skipIf(!hasPython)('a chat with a gateway that lacks things', () => {
  test('says so and goes on', async () => {
    using folder = new Folder();
    await using gateway = await BareGateway.start();
    writeFileSync(join(folder.path, 'a.pdf'), '%PDF-1.7\n\0');
    await using session = await inTerminal(folder, ['--url', gateway.url, '--conversation', 'trip']);
    expect(session.text).toContain('remembers no conversations');
    session.type('/attach a.pdf\r');
    await session.until('takes no files from which it could read the text');
    session.type('/conversation\r');
    await session.until('remembers no conversations');
    session.type('/search on\r');
    await session.until('Web search is asked for.');
    session.type('hello\r');
    await session.until('Nothing tells of a search');
    expect(JSON.parse(gateway.bodies.at(-1) ?? '')).toMatchObject({ web_search_options: {} });
    session.type('/search off\r');
    await session.until('Web search is declined.');
    session.type('hello\r');
    await session.until('Heard.');
    await session.until('k25> ');
    expect(JSON.parse(gateway.bodies.at(-1) ?? '')).toMatchObject({ use_search: false });
    await leave(session);
  });

  test('a document is uploaded, read and deleted again', async () => {
    using folder = new Folder();
    await using gateway = await BareGateway.start('Text of the report.');
    writeFileSync(join(folder.path, 'a.pdf'), '%PDF-1.7\n\0');
    await using session = await inTerminal(folder, ['--url', gateway.url]);
    session.type('/attach a.pdf\r');
    await session.until('a.pdf (document, 1 KiB)');
    expect(gateway.calls).toEqual(['POST /v1/files', 'GET /v1/files/file-1/content', 'DELETE /v1/files/file-1']);
    expect(gateway.bodies[0]).toContain('file-extract');
    session.type('Well?\r');
    await session.until('Heard.');
    expect(gateway.bodies.at(-1)).toContain('File a.pdf:\\n\\n```\\nText of the report.\\n```\\n\\nWell?');
    await leave(session);
  });
});
