import type { ChatMessage } from '../../chat/chat.ts';
import { ALIASES } from '../../models/aliases.ts';
import { factsOf } from '../../models/facts.ts';
import { readAttachment } from '../chat/attachment.ts';
import { ChatSession } from '../chat/chat-session.ts';
import { type Choices, THINK_LEVELS, type ThinkLevel } from '../chat/choices.ts';
import { CHAT_EXAMPLES, CHAT_OPTIONS } from '../chat/command-words.ts';
import { questions } from '../chat/dialogue.ts';
import { chatInteractively } from '../chat/interactive.ts';
import { chatOnce, chatOnceAsJson } from '../chat/once.ts';
import {
  type Command,
  EXIT,
  Failure,
  notOneOf,
  type Terminal,
  textOption,
  textsOption,
  UsageError,
} from '../command.ts';
import { type Endpoint, informedSoon, openEndpoint } from '../endpoint.ts';
import type { Bilingual, Phrase } from '../language.ts';

/** Serves from every surface of Kimi, and stands for the general model there. */
const DEFAULT_MODEL = 'k25';
const DEFAULT_DATA = './.moongate';
/** As large a request as the gateway takes by default. */
const INPUT_LIMIT = 32 * 1024 * 1024;

type Values = Readonly<Record<string, unknown>>;

export const chat: Command = {
  args: '[message...]',
  details: {
    en: [
      'With a message, or when standard input or output is not a terminal, it answers once and leaves: the answer alone goes',
      'to standard output, everything else to standard error. A message that ends with `-` goes on with standard input.',
      'At a terminal it is a dialogue: /help lists its commands, Ctrl-C stops an answer, Ctrl-D leaves. Typed lines are kept',
      'in the data folder, readable by their owner alone, the last 500; --no-history keeps none. More in docs/chat.md.',
    ].join('\n'),
    zh: [
      '给出消息，或标准输入、输出不是终端时，回答一次后退出：标准输出只有回答，其他内容写到标准错误。',
      '消息以 `-` 结尾时，后面接上标准输入的内容。在终端中则是对话：/help 列出命令，Ctrl-C 停止回答，Ctrl-D 退出。',
      '输入的内容保存在数据目录，仅所有者可读，最多 500 行；--no-history 则不保存。详见 docs/chat.zh-CN.md。',
    ].join('\n'),
  },
  options: CHAT_OPTIONS,
  examples: CHAT_EXAMPLES,
  async run(terminal, values, args) {
    const prompt = textOption(values, 'prompt');
    const words = prompt === undefined ? args : [prompt, ...args];
    const isJson = values['json'] === true;
    const isDialogue = words.length === 0 && !isJson && terminal.stdin.isTTY && terminal.stdout.isTTY;
    const choices = { think: thinkOption(values), search: searchOption(values) };
    const message = isDialogue ? '' : await messageOf(words, terminal.stdin);
    if (!isDialogue && message.trim() === '') throw new UsageError(NO_MESSAGE);
    const endpoint = await openEndpoint(values);
    try {
      const model = textOption(values, 'model') ?? endpoint.config?.models.default ?? DEFAULT_MODEL;
      // What nobody knows by heart: the surfaces' own lists tell what was meant.
      if (!isBuiltIn(model) || hasOwnNames(endpoint)) await informedSoon(endpoint);
      const session = sessionOf(endpoint, values, { ...choices, model });
      if (isDialogue) await converse(terminal, values, session);
      else return await answer(terminal, values, session, message);
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};

function sessionOf(
  endpoint: Endpoint,
  values: Values,
  chosen: Pick<Choices, 'model' | 'think' | 'search'>,
): ChatSession {
  const choices: Choices = { ...chosen, surface: textOption(values, 'surface'), tools: false };
  return new ChatSession(endpoint, choices, textOption(values, 'system'));
}

async function converse(terminal: Terminal, values: Values, session: ChatSession): Promise<void> {
  const { endpoint } = session;
  const greeting: Phrase[] = [];
  const name = textOption(values, 'conversation');
  if (name !== undefined) greeting.push(...(await greetingOf(session, name)));
  session.attachments = await attachmentsOf(values, endpoint);
  const data = textOption(values, 'data') ?? endpoint.config?.data ?? DEFAULT_DATA;
  const keep = values['history'] !== false;
  await chatInteractively({
    ...{ terminal, session, stream: values['stream'] !== false, markdown: isRendered(terminal, values), greeting },
    data: keep ? data : undefined,
  });
}

/** A gateway that cannot remember is told of; the chat goes on without. */
async function greetingOf(session: ChatSession, name: string): Promise<readonly Phrase[]> {
  try {
    const count = await session.goOn(name);
    const begun = { en: `Conversation ${name} begins.`, zh: `会话 ${name} 开始。` };
    return [
      count === 0
        ? begun
        : {
            en: `Conversation ${name} goes on after ${questions(count)}.`,
            zh: `会话 ${name} 继续，已有 ${count} 组问答。`,
          },
    ];
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'not_found') throw thrown;
    return [thrown.words, ...(thrown.advice === undefined ? [] : [thrown.advice])];
  }
}

async function answer(terminal: Terminal, values: Values, session: ChatSession, message: string): Promise<number> {
  const name = textOption(values, 'conversation');
  if (name !== undefined) await session.goOn(name);
  session.attachments = await attachmentsOf(values, session.endpoint);
  const question: ChatMessage = session.takeMessage(message);
  const options = {
    terminal,
    session,
    question,
    stream: values['stream'] !== false,
    markdown: isRendered(terminal, values),
  };
  return values['json'] === true ? chatOnceAsJson(options) : chatOnce(options);
}

async function attachmentsOf(values: Values, endpoint: Endpoint) {
  const read = [];
  for (const file of textsOption(values, 'attach')) read.push(await readAttachment(file, endpoint));
  return read;
}

/** Without colours the source says more than what could be drawn. */
function isRendered({ stdout }: Terminal, values: Values): boolean {
  return values['markdown'] !== false && stdout.isTTY === true && stdout.hasColors();
}

function thinkOption(values: Values): ThinkLevel | undefined {
  const text = textOption(values, 'think');
  const level = THINK_LEVELS.find((known) => known === text);
  if (text === undefined || level !== undefined) return level;
  throw new UsageError(notOneOf('--think', THINK_LEVELS, text));
}

function searchOption(values: Values): boolean | undefined {
  return typeof values['search'] === 'boolean' ? values['search'] : undefined;
}

const NO_MESSAGE: Bilingual = {
  en: 'There is no message: standard input is empty.',
  zh: '没有消息：标准输入为空。',
};

/** The web chat and other endpoints name their models as they like. */
const hasOwnNames = ({ config }: Endpoint): boolean =>
  Object.values(config?.surfaces ?? {}).some(
    ({ type, enabled, credentials }) => enabled && credentials.length > 0 && ['kimi-web', 'compatible'].includes(type),
  );

const isBuiltIn = (model: string): boolean =>
  factsOf(model) !== undefined || ALIASES.some(({ name }) => name === model);

/** Standard input is read where it is named, or where there is nothing else: a program may have left it open for good. */
async function messageOf(args: readonly string[], stdin: Terminal['stdin']): Promise<string> {
  if (args.length === 0) return (await readAll(stdin)).trimEnd();
  if (args.at(-1) !== '-') return args.join(' ');
  return [args.slice(0, -1).join(' '), await readAll(stdin)]
    .filter((part) => part !== '')
    .join('\n\n')
    .trimEnd();
}

async function readAll(stdin: Terminal['stdin']): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > INPUT_LIMIT) {
      throw new UsageError({
        en: `Standard input is larger than ${INPUT_LIMIT} bytes.`,
        zh: `标准输入超过 ${INPUT_LIMIT} 字节。`,
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
