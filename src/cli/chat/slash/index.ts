import { nearest } from '../../../models/nearest.ts';
import { type Language, phrase } from '../../language.ts';
import { padToWidth, textWidth } from '../../text-width.ts';
import type { ChatSession } from '../chat-session.ts';
import { clear, conversation, fork, retry } from './dialogue.ts';
import { attach, load, save } from './files.ts';
import { model, surface } from './model.ts';
import { reasoning, search, system, think, tools } from './settings.ts';
import type { ChatControls, SlashCommand } from './slash-command.ts';
import { usage } from './usage.ts';

const help: SlashCommand = {
  name: 'help',
  summary: { en: 'this list', zh: '显示此列表' },
  run: (chat) => chat.say(helpText(chat.language)),
};

const quit: SlashCommand = {
  name: 'quit',
  summary: { en: 'leave (also Ctrl-D)', zh: '退出（也可按 Ctrl-D）' },
  run: () => {},
};

/** In the order of the help. */
export const SLASH_COMMANDS: readonly SlashCommand[] = [
  ...[help, model, surface, system, think, search, attach, tools, reasoning],
  ...[retry, fork, conversation, save, load, clear, usage, quit],
];

export const isQuit = (input: string): boolean => /^\/(quit|exit)\s*$/.test(input);

/** Runs `/name rest`. Throws GatewayError where the gateway has to be asked, Failure. */
export async function runSlashCommand(chat: ChatControls, input: string): Promise<void> {
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(input) ?? [];
  const command = SLASH_COMMANDS.find((known) => known.name === name);
  if (command !== undefined) {
    await command.run(chat, rest.trim());
    return;
  }
  const names = SLASH_COMMANDS.map((known) => known.name);
  // Half of all short words are near each other; who slips rarely slips in the first letter.
  const near = nearest(name, names).find((known) => known[0] === name[0]);
  chat.say({
    en: `There is no /${name}. ${near === undefined ? '/help lists what there is.' : `Did you mean /${near}?`} To send a message that begins with a slash, write //.`,
    zh: `没有 /${name} 命令。${near === undefined ? '/help 列出所有命令。' : `是否想输入 /${near}？`}要发送以斜杠开头的消息，请输入 //。`,
  });
}

/** The ways to go on with a line, and the end of it that they stand for. */
export async function completeSlash(line: string, session: ChatSession): Promise<[readonly string[], string]> {
  const [, name = '', gap = '', rest = ''] = /^\/(\S*)(\s*)(.*)$/.exec(line) ?? [];
  if (!line.startsWith('/')) return [[], line];
  if (gap === '') return [SLASH_COMMANDS.map((known) => `/${known.name}`).filter((one) => one.startsWith(line)), line];
  const command = SLASH_COMMANDS.find((known) => known.name === name);
  try {
    const found = (await command?.complete?.(session, rest)) ?? [];
    return [found.filter((one) => one.startsWith(rest)), rest];
  } catch {
    return [[], line]; // whoever cannot be asked is told of when the command runs
  }
}

function helpText(language: Language): string {
  const rows = SLASH_COMMANDS.map(({ name, args, summary }) => ({ left: `/${name} ${args ?? ''}`, summary }));
  const width = Math.max(...rows.map(({ left }) => textWidth(left)));
  const hint = {
    en: 'A line that ends with \\ goes on in the next one, and a pasted text stays one message. Tab completes.\nCtrl-C stops an answer; at the empty prompt, twice, it leaves.',
    zh: '行尾输入 \\ 可换行继续，粘贴的多行文本算一条消息，Tab 键补全。\nCtrl-C 停止回答；在空提示符下连按两次退出。',
  };
  const lines = rows.map(({ left, summary }) => `  ${padToWidth(left, width)}  ${phrase(summary, language)}`);
  return [...lines, '', phrase(hint, language)].join('\n');
}
