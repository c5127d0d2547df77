import { writeFileSync } from 'node:fs';
import { GatewayError } from '../../errors.ts';
import { nearest } from '../../models/nearest.ts';
import type { Endpoint } from '../endpoint.ts';
import { checkModel, listModels } from '../models-of.ts';
import type { Conversation } from './conversation.ts';

/** What a slash command may touch of the chat. */
export interface ChatControls {
  readonly conversation: Conversation;
  readonly endpoint: Endpoint;
  showReasoning: boolean;
  say(text: string): void;
  ask(question: string): Promise<void>;
}

interface SlashCommand {
  readonly name: string;
  readonly args?: string;
  readonly summary: string;
  run(chat: ChatControls, rest: string): Promise<void> | void;
}

export const SLASH_COMMANDS: readonly SlashCommand[] = [
  { name: 'help', summary: 'this list', run: (chat) => chat.say(helpText()) },
  { name: 'model', args: '[name]', summary: 'list the models, or switch to one: /model k25', run: switchModel },
  { name: 'system', args: '[text|off]', summary: 'show or set the system prompt', run: setSystem },
  { name: 'reasoning', args: '[on|off]', summary: 'show or hide what the model thinks', run: setReasoning },
  { name: 'retry', summary: 'ask the last question again', run: retry },
  { name: 'clear', summary: 'forget the dialogue', run: clear },
  { name: 'save', args: '<file>', summary: 'write the dialogue to a new file (.json: as messages)', run: save },
  { name: 'quit', summary: 'leave (also Ctrl-D)', run: () => {} },
];

export const isQuit = (input: string): boolean => /^\/(quit|exit)\s*$/.test(input);

/** Runs `/name rest`. Throws GatewayError where the gateway has to be asked. */
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
  const advice = near === undefined ? '/help lists what there is.' : `Did you mean /${near}?`;
  chat.say(`There is no /${name}. ${advice} To send a message that begins with a slash, write //.`);
}

export function completeSlash(line: string): readonly string[] {
  if (!line.startsWith('/') || line.includes(' ')) return [];
  return SLASH_COMMANDS.map(({ name }) => `/${name}`).filter((name) => name.startsWith(line));
}

function helpText(): string {
  const rows = SLASH_COMMANDS.map(({ name, args, summary }) => ({ left: `/${name} ${args ?? ''}`, summary }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return [
    ...rows.map(({ left, summary }) => `  ${left.padEnd(width)}  ${summary}`),
    '',
    'A line that ends with \\ goes on in the next one. Ctrl-C stops an answer; at the empty prompt, twice, it leaves.',
  ].join('\n');
}

async function switchModel(chat: ChatControls, name: string): Promise<void> {
  const { conversation, endpoint } = chat;
  if (name === '') {
    chat.say(await listModels(endpoint, conversation.model));
    return;
  }
  const found = await checkModel(endpoint, name);
  conversation.model = name;
  chat.say(`The model is ${found} from now on.`);
}

function setSystem({ conversation, say }: ChatControls, text: string): void {
  if (text !== '') conversation.system = text === 'off' ? undefined : text;
  say(conversation.system === undefined ? 'There is no system prompt.' : `System prompt: ${conversation.system}`);
}

function setReasoning(chat: ChatControls, text: string): void {
  if (text !== '' && text !== 'on' && text !== 'off') {
    chat.say('/reasoning takes on or off.');
    return;
  }
  if (text !== '') chat.showReasoning = text === 'on';
  chat.say(chat.showReasoning ? 'Reasoning is shown.' : 'Reasoning is hidden.');
}

async function retry(chat: ChatControls): Promise<void> {
  const question = chat.conversation.takeBack();
  if (question === undefined) chat.say('Nothing was asked yet.');
  else await chat.ask(question);
}

function clear({ conversation, say }: ChatControls): void {
  conversation.clear();
  say(
    conversation.system === undefined
      ? 'The dialogue is forgotten.'
      : 'The dialogue is forgotten; the system prompt stays.',
  );
}

function save({ conversation, say }: ChatControls, file: string): void {
  if (file === '') {
    say('/save takes the name of a new file.');
    return;
  }
  try {
    writeFileSync(file, file.endsWith('.json') ? asMessages(conversation) : asMarkdown(conversation), {
      flag: 'wx',
      mode: 0o600,
    });
    say(`${conversation.turns.length} question(s) with their answers are in ${file}.`);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why = code === 'EEXIST' ? 'it exists already' : cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_request', { message: `${file} cannot be written: ${why}.`, cause });
  }
}

/** Ready to be a request. */
function asMessages(conversation: Conversation): string {
  return `${JSON.stringify({ model: conversation.model, messages: conversation.history() }, null, 2)}\n`;
}

function asMarkdown({ model, system, turns }: Conversation): string {
  const head = [`# Chat with ${model}`, ...(system === undefined ? [] : [`> ${system.replaceAll('\n', '\n> ')}`])];
  return `${[...head, ...turns.flatMap(({ question, answer }) => [`## You\n\n${question}`, `## Kimi\n\n${answer}`])].join('\n\n')}\n`;
}
