import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ChatMessage } from '../../../chat/chat.ts';
import { memberOf } from '../../call-json.ts';
import { Failure } from '../../command.ts';
import { type Phrase, phrase } from '../../language.ts';
import { type Attachment, expandHome, readAttachment } from '../attachment.ts';
import type { ChatSession } from '../chat-session.ts';
import { textOf } from '../choices.ts';
import { questions } from '../dialogue.ts';
import type { SlashCommand } from './slash-command.ts';

const KINDS: Readonly<Record<Attachment['kind'], Phrase>> = {
  text: { en: 'text', zh: '文本' },
  image: { en: 'image', zh: '图片' },
  document: { en: 'document', zh: '文档' },
};

export const attach: SlashCommand = {
  name: 'attach',
  args: '[file|off]',
  summary: { en: 'send a text, a picture or a document with the next message', zh: '随下一条消息发送文本、图片或文档' },
  async run(chat, file) {
    const { session } = chat;
    if (file === 'off') session.attachments = [];
    else if (file !== '') {
      const reading = readAttachment(unquoted(file), session.endpoint);
      const read = await chat.waitFor({ en: `reading ${file}…`, zh: `正在读取 ${file}…` }, reading);
      session.attachments = [...session.attachments, read];
    }
    const lines = session.attachments.map(
      ({ name, kind, bytes }) => `  ${name} (${phrase(KINDS[kind], chat.language)}, ${Math.ceil(bytes / 1024)} KiB)`,
    );
    chat.say(
      lines.length === 0
        ? { en: 'Nothing is attached.', zh: '没有附件。' }
        : { en: `Goes with the next message:\n${lines.join('\n')}`, zh: `将随下一条消息发送：\n${lines.join('\n')}` },
    );
  },
  complete: (_session, rest) => pathsFrom(rest),
};

export const save: SlashCommand = {
  name: 'save',
  args: '<file>',
  summary: { en: 'write the dialogue to a new file (.json: as messages)', zh: '把对话写入新文件（.json：消息格式）' },
  run({ session, say }, file) {
    if (file === '') {
      say({ en: '/save takes the name of a new file.', zh: '/save 需要一个新文件名。' });
      return;
    }
    write(file, file.endsWith('.json') ? asMessages(session) : asMarkdown(session));
    const count = session.dialogue.turns.length;
    say({
      en: `${questions(count)} with ${count === 1 ? 'its answer is' : 'their answers are'} in ${file}.`,
      zh: `已将 ${count} 组问答写入 ${file}。`,
    });
  },
  complete: (_session, rest) => pathsFrom(rest),
};

export const load: SlashCommand = {
  name: 'load',
  args: '<file>',
  summary: { en: 'go on with a dialogue that /save wrote as .json', zh: '继续 /save 保存的 .json 对话' },
  run({ session, say }, file) {
    if (file === '') {
      say({ en: '/load takes the name of a file.', zh: '/load 需要文件名。' });
      return;
    }
    if (session.conversation !== undefined) throw stored(session.conversation);
    const { model, messages } = readDialogue(file);
    session.dialogue.replace(messages);
    if (model !== undefined) session.choices.model = model;
    const count = session.dialogue.turns.length;
    say({
      en: `Going on after ${questions(count)} of ${file}.`,
      zh: `已载入 ${file} 中的 ${count} 组问答，继续对话。`,
    });
  },
  complete: (_session, rest) => pathsFrom(rest),
};

/** What the gateway remembers is not replaced behind its back. */
function stored(name: string): Failure {
  return new Failure({
    en: `This dialogue is the conversation ${name} of the gateway; /conversation off leaves it first.`,
    zh: `当前对话是网关中的会话 ${name}，请先用 /conversation off 离开。`,
  });
}

function write(file: string, text: string): void {
  try {
    writeFileSync(expandHome(unquoted(file)), text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      isTaken
        ? { en: `${file} cannot be written: it exists already.`, zh: `无法写入 ${file}：文件已存在。` }
        : { en: `${file} cannot be written: ${why}.`, zh: `无法写入 ${file}：${why}。` },
      { cause },
    );
  }
}

const DIALOGUE_LIMIT = 64 * 1024 * 1024;

function readDialogue(file: string): { model: string | undefined; messages: readonly ChatMessage[] } {
  let content: unknown;
  try {
    const path = expandHome(unquoted(file));
    if (statSync(path).size > DIALOGUE_LIMIT) throw new Error(`more than ${DIALOGUE_LIMIT} bytes`);
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      isAbsent
        ? { en: `There is no file ${file}.`, zh: `文件 ${file} 不存在。` }
        : { en: `${file} cannot be read: ${why}.`, zh: `无法读取 ${file}：${why}。` },
      { cause },
    );
  }
  const messages = memberOf(content, 'messages');
  const isDialogue =
    Array.isArray(messages) && messages.every((one: unknown) => typeof memberOf(one, 'role') === 'string');
  if (!isDialogue) {
    throw new Failure({
      en: `${file} is no dialogue: it has no \`messages\`. /save writes one to a name that ends with .json.`,
      zh: `${file} 不是对话文件：缺少 \`messages\`。用 /save 保存到 .json 文件即可得到。`,
    });
  }
  const model = memberOf(content, 'model');
  return { model: typeof model === 'string' ? model : undefined, messages };
}

/** Ready to be a request. */
function asMessages({ choices, dialogue }: ChatSession): string {
  return `${JSON.stringify({ model: choices.model, messages: dialogue.history() }, null, 2)}\n`;
}

function asMarkdown({ choices, dialogue: { system, turns } }: ChatSession): string {
  const head = [
    `# Chat with ${choices.model}`,
    ...(system === undefined ? [] : [`> ${system.replaceAll('\n', '\n> ')}`]),
  ];
  const said = turns.flatMap(({ question, replies }) => {
    const answer = replies.at(-1);
    return [`## You\n\n${textOf(question)}`, `## Kimi\n\n${answer === undefined ? '' : textOf(answer)}`];
  });
  return `${[...head, ...said].join('\n\n')}\n`;
}

const unquoted = (file: string): string => /^(["'])(.*)\1$/.exec(file)?.[2] ?? file;

/** The files and folders whose paths begin so. */
function pathsFrom(start: string): readonly string[] {
  const folder = start.endsWith('/') ? start : start.includes('/') ? `${dirname(start)}/` : '';
  const name = start.endsWith('/') || start === '' ? '' : basename(start);
  try {
    return readdirSync(expandHome(folder) || '.', { withFileTypes: true })
      .filter((entry) => entry.name.startsWith(name) && (name.startsWith('.') || !entry.name.startsWith('.')))
      .map((entry) => `${folder === '' ? entry.name : join(folder, entry.name)}${entry.isDirectory() ? '/' : ''}`);
  } catch {
    return []; // no such folder: nothing to offer
  }
}
