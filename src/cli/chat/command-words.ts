import { type CommandOption, ENDPOINT_OPTIONS, type Example } from '../command.ts';

export const CHAT_OPTIONS: readonly CommandOption[] = [
  {
    flags: '-p, --prompt <text>',
    summary: { en: 'answer this and leave, also at a terminal', zh: '回答这个问题后退出，在终端中也是如此' },
  },
  {
    flags: '--model <name>',
    summary: {
      en: 'a model or an alias (default: models.default of the configuration, else k25)',
      zh: '模型或别名（默认：配置中的 models.default，否则 k25）',
    },
  },
  { flags: '--surface <id>', summary: { en: 'the surface that is to serve', zh: '指定提供服务的接入面' } },
  { flags: '--system <text>', summary: { en: 'the system prompt', zh: '系统提示词' } },
  {
    flags: '--think <level>',
    summary: {
      en: 'low, high, max or off (default: as the model does)',
      zh: 'low、high、max 或 off（默认：由模型决定）',
    },
  },
  { flags: '--search', summary: { en: 'ask for a web search', zh: '请求联网搜索' } },
  {
    flags: '--no-search',
    summary: {
      en: 'decline the web search of surfaces that search by themselves',
      zh: '不使用接入面自带的联网搜索',
    },
  },
  {
    flags: '--attach <file>',
    summary: {
      en: 'send a text, a picture or a document with the first message; may be given several times',
      zh: '随第一条消息发送文本、图片或文档；可多次使用',
    },
    repeated: true,
  },
  {
    flags: '--conversation <id>',
    summary: {
      en: 'go on with a conversation that the gateway remembers, or begin it',
      zh: '继续网关保存的会话，不存在则新建',
    },
  },
  {
    flags: '--json',
    summary: { en: 'print one JSON object, also for a failure', zh: '输出一个 JSON 对象，失败时也是' },
  },
  { flags: '--no-stream', summary: { en: 'ask for the answer as a whole', zh: '一次性获取完整回答' } },
  { flags: '--no-markdown', summary: { en: 'show answers as they come', zh: '不渲染 Markdown，按原文显示' } },
  { flags: '--no-history', summary: { en: 'do not keep what is typed', zh: '不保存输入的内容' } },
  ...ENDPOINT_OPTIONS,
];

export const CHAT_EXAMPLES: readonly Example[] = [
  { line: 'moongate chat --demo', what: { en: 'try the chat without an account', zh: '无需账号，试用聊天' } },
  { line: 'moongate chat "What is a moon gate?"', what: { en: 'one question', zh: '问一个问题' } },
  {
    line: 'moongate chat --conversation trip "And what about Suzhou?"',
    what: { en: 'the next question of a conversation', zh: '会话中的下一个问题' },
  },
  {
    line: 'moongate chat --attach report.pdf -p "Three sentences, please"',
    what: { en: 'a question about a file', zh: '就一个文件提问' },
  },
  {
    line: 'git diff | moongate chat "Review this change:" -',
    what: { en: 'a question about what comes through the pipe', zh: '就管道传入的内容提问' },
  },
];
