import { Failure } from '../../command.ts';
import { checkModel, listModels } from '../../models-of.ts';
import { askedModel } from '../choices.ts';
import type { ChatControls, SlashCommand } from './slash-command.ts';

export const model: SlashCommand = {
  name: 'model',
  args: '[name]',
  summary: { en: 'list the models, or switch to one: /model k25', zh: '列出模型，或切换模型：/model k25' },
  async run(chat, name) {
    const { session } = chat;
    if (name === '') {
      chat.say(await listModels(session.endpoint, session.choices.model));
      return;
    }
    const found = await checkModel(session.endpoint, askedModel({ ...session.choices, model: name }));
    session.choices.model = name;
    chat.say({ en: `The model is ${found.en} from now on.`, zh: `现在使用模型 ${found.zh}。` });
  },
  async complete(session) {
    return (await session.models()).map(({ id }) => id);
  },
};

export const surface: SlashCommand = {
  name: 'surface',
  args: '[id|auto]',
  summary: {
    en: 'show the surfaces, or choose one; auto: the gateway’s route',
    zh: '查看或选择接入面；auto 表示由网关决定',
  },
  async run(chat, id) {
    const { session } = chat;
    const { choices } = session;
    if (id === 'auto') choices.surface = undefined;
    else if (id !== '') await choose(chat, id);
    const known = await surfacesOf(session);
    const lines = ['auto', ...known].map((one) => `${one === (choices.surface ?? 'auto') ? '*' : ' '} ${one}`);
    chat.say(lines.join('\n'));
  },
  async complete(session) {
    return ['auto', ...(await surfacesOf(session))];
  },
};

async function choose({ session }: ChatControls, id: string): Promise<void> {
  const { choices, endpoint } = session;
  const known = await surfacesOf(session);
  if (!known.includes(id)) {
    throw new Failure({
      en: `The gateway has no usable surface ${id}. There are: ${known.join(', ')}.`,
      zh: `网关没有可用的接入面 ${id}。可选：${known.join('、')}。`,
    });
  }
  // Refused with the reason if the present model is not served there.
  await checkModel(endpoint, askedModel({ ...choices, surface: id }));
  choices.surface = id;
}

async function surfacesOf(session: ChatControls['session']): Promise<readonly string[]> {
  return [...new Set((await session.models()).flatMap(({ surfaces }) => surfaces))];
}
