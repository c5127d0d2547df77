import type { Phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import type { Question } from '../ask.ts';
import { chosenMembers } from '../choices.ts';
import { type Dialogue, questions } from '../dialogue.ts';
import {
  checkConversationName,
  createConversation,
  forkConversation,
  lastQuestionId,
  listConversations,
  readConversation,
  regeneratePath,
} from '../stored-conversation.ts';
import type { ChatControls, SlashCommand } from './slash-command.ts';

export const retry: SlashCommand = {
  name: 'retry',
  summary: { en: 'ask the last question again', zh: '重新提问上一个问题' },
  async run(chat) {
    const { session, say } = chat;
    const turns = session.dialogue.turns.length;
    const question = session.dialogue.takeBack();
    if (question === undefined) {
      say({ en: 'Nothing was asked yet.', zh: '还没有提问。' });
      return;
    }
    // A question that got no answer is not in the conversation.
    const wasAnswered = session.dialogue.turns.length < turns;
    await chat.ask(question, wasAnswered ? await regeneration(chat) : undefined);
  },
};

/** The gateway is asked for another answer in the place of the one that it remembers. */
async function regeneration({ session, stream }: ChatControls): Promise<Question | undefined> {
  const { conversation, endpoint, choices } = session;
  if (conversation === undefined) return undefined;
  const message = await lastQuestionId(endpoint, conversation);
  return { path: regeneratePath(conversation), body: { ...chosenMembers(choices), message }, stream };
}

export const clear: SlashCommand = {
  name: 'clear',
  summary: { en: 'forget the dialogue', zh: '清空当前对话' },
  run({ session, say }) {
    session.conversation = undefined;
    session.dialogue.clear();
    say(
      session.dialogue.system === undefined
        ? { en: 'The dialogue is forgotten.', zh: '对话已清空。' }
        : { en: 'The dialogue is forgotten; the system prompt stays.', zh: '对话已清空，系统提示词保留。' },
    );
  },
};

export const fork: SlashCommand = {
  name: 'fork',
  args: '[name]',
  summary: {
    en: 'go on in a copy of the dialogue; an earlier name goes back to it',
    zh: '在副本中继续对话；输入已有名称则返回',
  },
  async run(chat, name) {
    if (name !== '' && chat.session.conversation !== undefined) await forkStored(chat, chat.session.conversation, name);
    else if (name !== '') forkHere(chat, name);
    else chat.say(forkLines(chat));
  },
  complete: (session) => [...session.forks.keys()],
};

async function forkStored({ session, say }: ChatControls, from: string, name: string): Promise<void> {
  const known = await readConversation(session.endpoint, checkConversationName(name));
  if (known === undefined) await forkConversation(session.endpoint, from, name);
  const count = await session.goOn(name);
  say({
    en: `Going on in the conversation ${name}, after ${questions(count)}; ${from} stays as it is.`,
    zh: `现在在会话 ${name} 中继续（已有 ${count} 组问答），${from} 保持不变。`,
  });
}

function forkHere({ session, say }: ChatControls, name: string): void {
  if (name === session.fork) return;
  const earlier = session.forks.get(name);
  session.switchTo(name, earlier ?? session.dialogue.copy());
  const count = session.dialogue.turns.length;
  say(
    earlier === undefined
      ? { en: `Going on in the fork ${name}.`, zh: `已进入分支 ${name}。` }
      : { en: `Back in ${name}, after ${questions(count)}.`, zh: `已返回 ${name}（${count} 组问答）。` },
  );
}

function forkLines({ session: { fork: present, dialogue, forks } }: ChatControls): string {
  const line = (name: string, { turns }: Dialogue, mark: string) => `${mark} ${name} (${turns.length})`;
  return [line(present, dialogue, '*'), ...[...forks].map(([name, other]) => line(name, other, ' '))].join('\n');
}

export const conversation: SlashCommand = {
  name: 'conversation',
  args: '[id|off]',
  summary: {
    en: 'list what the gateway remembers, or keep this dialogue there and go on with it any time',
    zh: '列出网关保存的会话，或将当前对话保存到网关以便随时继续',
  },
  async run(chat, name) {
    const { session, say } = chat;
    if (name === '') say(await conversationLines(chat));
    else if (name === 'off') leave(chat);
    else {
      const { dialogue, endpoint, choices } = session;
      const known = await readConversation(endpoint, checkConversationName(name));
      const isNew = known === undefined && dialogue.turns.length > 0;
      if (isNew) await createConversation(endpoint, { name, model: choices.model, messages: dialogue.history() });
      const count = await session.goOn(name);
      say({
        en: `The gateway remembers this dialogue as ${name}: ${questions(count)} so far.`,
        zh: `网关将此对话保存为 ${name}，目前 ${count} 组问答。`,
      });
    }
  },
  async complete(session) {
    return [...(await listConversations(session.endpoint)).map(({ id }) => id), 'off'];
  },
};

/** The dialogue goes on here alone. */
function leave({ session, say }: ChatControls): void {
  const name = session.conversation;
  session.conversation = undefined;
  say(
    name === undefined
      ? { en: 'The gateway does not remember this dialogue.', zh: '网关没有保存此对话。' }
      : {
          en: `${name} stays as it is; the dialogue goes on without it.`,
          zh: `${name} 保持不变，对话不再保存到其中。`,
        },
  );
}

async function conversationLines({ session }: ChatControls): Promise<Phrase> {
  const lines = await listConversations(session.endpoint);
  const shown = lines.map(
    ({ id, title, turns }) => `${id === session.conversation ? '*' : ' '} ${id} (${turns}) ${plainText(title)}`,
  );
  if (shown.length > 0) return shown.join('\n');
  return {
    en: 'The gateway remembers no conversation yet; /conversation NAME keeps this one.',
    zh: '网关还没有保存会话；用 /conversation 名称 保存当前对话。',
  };
}
