import type { Phrase } from '../../language.ts';
import { phrase } from '../../language.ts';
import { THINK_LEVELS } from '../choices.ts';
import { LOCAL_TOOLS } from '../tools/index.ts';
import { type ChatControls, ON_OFF, readSwitch, type SlashCommand } from './slash-command.ts';

export const system: SlashCommand = {
  name: 'system',
  args: '[text|off]',
  summary: { en: 'show or set the system prompt', zh: '查看或设置系统提示词' },
  run({ session: { dialogue }, say }, text) {
    if (text !== '') dialogue.system = text === 'off' ? undefined : text;
    say(
      dialogue.system === undefined
        ? { en: 'There is no system prompt.', zh: '没有系统提示词。' }
        : { en: `System prompt: ${dialogue.system}`, zh: `系统提示词：${dialogue.system}` },
    );
  },
};

export const search: SlashCommand = {
  name: 'search',
  args: '[on|off]',
  summary: { en: 'let the answers rest on a web search', zh: '让回答基于联网搜索' },
  run(chat, text) {
    const { choices } = chat.session;
    if (text !== '') choices.search = readSwitch(chat, 'search', text) ?? choices.search;
    chat.say(
      choices.search === undefined
        ? { en: 'Whether to search the web is left to the surface.', zh: '是否联网搜索由接入面决定。' }
        : choices.search
          ? { en: 'Web search is asked for.', zh: '将请求联网搜索。' }
          : { en: 'Web search is declined.', zh: '不进行联网搜索。' },
    );
  },
  complete: () => ON_OFF,
};

export const think: SlashCommand = {
  name: 'think',
  args: '[low|high|max|off|auto]',
  summary: { en: 'how much the model thinks before it answers', zh: '回答前的思考强度' },
  run({ session: { choices }, say }, text) {
    const level = THINK_LEVELS.find((known) => known === text);
    if (text === 'auto') choices.think = undefined;
    else if (level !== undefined) choices.think = level;
    else if (text !== '') {
      say({ en: '/think takes low, high, max, off or auto.', zh: '/think 的参数是 low、high、max、off 或 auto。' });
      return;
    }
    say(
      choices.think === undefined
        ? { en: 'How much to think is left to the model.', zh: '思考强度由模型决定。' }
        : {
            en: `Thinking: ${choices.think}, as far as the model can be told; the line below an answer names what was changed.`,
            zh: `思考强度：${choices.think}（以模型支持为限，回答下方会注明改动）。`,
          },
    );
  },
  complete: () => [...THINK_LEVELS, 'auto'],
};

export const reasoning: SlashCommand = {
  name: 'reasoning',
  args: '[on|off]',
  summary: { en: 'show or hide what the model thinks', zh: '显示或隐藏思考过程' },
  run(chat, text) {
    if (text !== '') chat.showReasoning = readSwitch(chat, 'reasoning', text) ?? chat.showReasoning;
    chat.say(
      chat.showReasoning
        ? { en: 'Reasoning is shown.', zh: '显示思考过程。' }
        : { en: 'Reasoning is hidden.', zh: '隐藏思考过程。' },
    );
  },
  complete: () => ON_OFF,
};

export const tools: SlashCommand = {
  name: 'tools',
  args: '[on|off]',
  summary: {
    en: 'let the model read this folder, asking before each call',
    zh: '允许模型读取当前目录，每次调用前询问',
  },
  run(chat, text) {
    const { choices } = chat.session;
    if (text !== '') choices.tools = readSwitch(chat, 'tools', text) ?? choices.tools;
    chat.say(toolsText(chat));
  },
  complete: () => ON_OFF,
};

function toolsText({ session: { choices }, language }: ChatControls): Phrase {
  const lines = LOCAL_TOOLS.map(({ name, summary }) => `  ${name.padEnd(14)}${phrase(summary, language)}`).join('\n');
  const state: Phrase = choices.tools ? { en: 'on', zh: '已开启' } : { en: 'off', zh: '已关闭' };
  return {
    en: `Tools are ${phrase(state, 'en')}:\n${lines}\nThey read ${process.cwd()} and nothing else; each call is asked for.`,
    zh: `工具${phrase(state, 'zh')}：\n${lines}\n只读取 ${process.cwd()}，每次调用前都会询问。`,
  };
}
