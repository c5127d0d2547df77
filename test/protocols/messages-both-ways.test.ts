import { describe, expect, test } from 'vitest';
import { messagesEvents } from '../anthropic-schema.ts';
import { CN_KEY, type Rig, startRig } from '../setup.ts';
import { messagesRig, postMessages } from './messages-rig.ts';

interface Block {
  readonly type: string;
  readonly [member: string]: unknown;
}

interface Answer {
  readonly content: readonly Block[];
  readonly [member: string]: unknown;
}

const TOOLS = [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];

/** A stream put together as clients do it. */
function assembled(text: string): Answer {
  let answer: Answer = { content: [] };
  const blocks: Record<string, unknown>[] = [];
  for (const event of messagesEvents(text)) {
    const {
      type,
      index,
      message,
      content_block: block,
      delta,
      usage,
    } = event as unknown as Record<string, Answer & Block> & {
      type: string;
      index: number;
    };
    if (type === 'message_start') answer = { ...message, content: [] } as Answer;
    if (type === 'content_block_start')
      blocks[index] = { ...block, ...(block?.type === 'tool_use' ? { json: '' } : {}) };
    const open = blocks[index] ?? {};
    if (type === 'content_block_delta') {
      for (const member of ['text', 'thinking', 'signature'] as const) {
        if (delta && member in delta) open[member] = `${open[member] ?? ''}${String(delta[member])}`;
      }
      if (delta && 'partial_json' in delta) open['json'] = `${String(open['json'])}${String(delta['partial_json'])}`;
    }
    if (type === 'message_delta')
      answer = { ...answer, ...delta, usage: { ...(answer['usage'] as object), ...usage } } as Answer;
  }
  const content = blocks.map(({ json, ...block }) =>
    json === undefined ? block : { ...block, input: JSON.parse(String(json) || '{}') },
  );
  return { ...answer, content: content as unknown as Block[] };
}

async function answerOf(rig: Rig, model: string, stream: boolean, said: string): Promise<Answer> {
  const response = await postMessages(rig, {
    model,
    stream,
    tools: TOOLS,
    messages: [{ role: 'user', content: said }],
  });
  const text = await response.text();
  expect([response.status, text]).toMatchObject([200, expect.any(String)]);
  return stream ? assembled(text) : (JSON.parse(text) as Answer);
}

/** What a client sees of it, without what differs from call to call. */
function meaning({ content, stop_reason, stop_sequence, role, type, usage }: Answer) {
  return { content: content.map(({ id: _, ...block }) => block), stop_reason, stop_sequence, role, type, usage };
}

const SCRIPTS = [
  'sim: say Hello 你好 😀',
  'sim: think Let me see.\nsim: say Hello',
  'sim: think Let me see.\nsim: say One moment.\nsim: tool get_weather {"city": "北京"}',
  'sim: tool get_weather {"city": "Rome"}\nsim: tool get_weather {"city": "Paris"}',
  'sim: say-n 30\nsim: usage 900 40 512',
  'sim: say cut\nsim: finish length',
  'sim: say No.\nsim: finish content_filter',
];

describe('the same answer, untranslated and through the hub', () => {
  test.each(SCRIPTS)('%s', async (said) => {
    await using native = await messagesRig('kimi-code');
    await using hub = await messagesRig('moonshot');
    const answers = [];
    for (const stream of [false, true]) {
      answers.push(
        meaning(await answerOf(native, 'k3', stream, `${said}${said.includes('usage') ? '' : '\nsim: usage 50 20'}`)),
      );
      answers.push(
        meaning(await answerOf(hub, 'kimi-k3', stream, `${said}${said.includes('usage') ? '' : '\nsim: usage 50 20'}`)),
      );
    }
    expect(native.simulator.calls.at(-1)?.path).toBe('/coding/v1/messages');
    expect(hub.simulator.calls.at(-1)?.path).toBe('/cn/v1/chat/completions');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('the platform’s own Anthropic face', () => {
  const rig = (more: Record<string, unknown> = {}) =>
    startRig({
      config: ({ cnBaseUrl }) => ({
        surfaces: { 'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }], ...more } },
      }),
    });

  test.each([{ stream: false }, { stream: true }])(
    'takes the k3 family untranslated, stream $stream',
    async ({ stream }) => {
      await using platform = await rig();
      expect((await answerOf(platform, 'kimi-k3', stream, 'sim: think Hm.\nsim: say hi')).content).toMatchObject([
        { type: 'thinking', thinking: 'Hm.', signature: expect.any(String) },
        { type: 'text', text: 'hi' },
      ]);
      const call = platform.simulator.calls.at(-1);
      expect([call?.path, call?.headers['authorization']]).toEqual(['/cn/anthropic/v1/messages', `Bearer ${CN_KEY}`]);
    },
  );

  test('is left aside for other models, and where the configuration says so', async () => {
    await using platform = await rig();
    await answerOf(platform, 'kimi-k2.6', false, 'sim: say hi');
    expect(platform.simulator.calls.at(-1)?.path).toBe('/cn/v1/chat/completions');
    await using plain = await rig({ face: 'openai' });
    await answerOf(plain, 'kimi-k3', false, 'sim: say hi');
    expect(plain.simulator.calls.at(-1)?.path).toBe('/cn/v1/chat/completions');
  });
});
