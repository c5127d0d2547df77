import { type Check, type Found, GUIDE } from '../check.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import type { Option } from '../code/options.ts';
import type { Request } from '../code/requests.ts';
import { textMember } from '../code/tools.ts';
import type { Edit } from '../edit.ts';
import type { Member } from '../syntax/expression.ts';

export const functions: Check = {
  id: 'functions',
  level: 'error',
  title: { en: 'The old `functions` and `function_call`', zh: '已废弃的 functions 与 function_call' },
  why: {
    en: "They are not in Kimi's schema: the model never hears of the functions.",
    zh: 'Kimi 的接口没有这两个参数：模型不会知道这些函数。',
  },
  link: GUIDE,
  gateway: {
    en: 'sends them as `tools` and `tool_choice` and answers in the old shape (functions-to-tools)',
    zh: '转换为 tools 与 tool_choice，并以旧格式返回（functions-to-tools）',
  },
  remains: {
    en: 'move to `tools`, and read `tool_calls` of the answer',
    zh: '改用 tools，并从回答中读取 tool_calls',
  },
  fix: {
    en: '`tools` and `tool_choice`, where the file reads `tool_calls` already',
    zh: '若文件已读取 tool_calls，则改为 tools 与 tool_choice',
  },
  *find(code) {
    // What reads the answer in the old shape would find nothing behind a request in the new one.
    const isReady = [...functionAnswers(code)].length === 0 && readsToolCalls(code);
    for (const request of code.requests) {
      for (const name of ['functions', 'function_call'] as const) {
        const option = request.options.get(name);
        if (option === undefined) continue;
        const edits = isReady ? rewritten(code, request, name, option) : undefined;
        yield { from: option.from, to: option.to, what: `\`${name}\``, ...(edits ? { edits } : {}) };
      }
    }
  },
};

export const functionAnswer: Check = {
  id: 'function-answer',
  level: 'warning',
  title: { en: 'The answer is read in the old shape', zh: '按旧格式读取回答' },
  why: {
    en: 'Kimi answers with `tool_calls`; there is no `function_call` and no role `function`.',
    zh: 'Kimi 以 tool_calls 返回；没有 function_call，也没有 function 角色。',
  },
  link: GUIDE,
  gateway: {
    en: 'answers in the old shape to a request in the old shape (functions-to-tools)',
    zh: '旧格式的请求会得到旧格式的回答（functions-to-tools）',
  },
  remains: {
    en: 'read `message.tool_calls`, and send results as role `tool` with their `tool_call_id`',
    zh: '读取 message.tool_calls，并以 tool 角色附带 tool_call_id 返回结果',
  },
  *find(code) {
    if (code.requests.length > 0) yield* functionAnswers(code);
  },
};

/** Options of requests and classes have a member of this name as well. */
const ANSWERS = /(?:message|msg|delta|choice|response|completion|reply|answer|assistant|result|output|data)\w*$/i;

function isOldAnswer({ object, property }: Member): boolean {
  if (property !== 'function_call') return false;
  const last = object.kind === 'member' ? object.property : object.kind === 'name' ? object.name : undefined;
  return ANSWERS.test(last ?? '') && !/^(?:this|self)$/.test(last ?? '');
}

/** Code that knows both shapes is ready for the new one. */
const readsToolCalls = ({ program }: OpenAiCode): boolean =>
  program.members.some(({ property }) => property === 'tool_calls');

function* functionAnswers(code: OpenAiCode): Iterable<Found> {
  const { program } = code;
  for (const member of program.members) {
    if (isOldAnswer(member) && !readsToolCalls(code))
      yield { from: member.from, to: member.to, what: '`function_call`' };
  }
  for (const record of program.records) {
    if (textMember(record, 'role') === 'function') {
      yield {
        from: record.from,
        to: record.to,
        what: { en: 'a message of role `function`', zh: 'function 角色的消息' },
      };
    }
  }
}

function rewritten(code: OpenAiCode, { options }: Request, name: string, option: Option): readonly Edit[] | undefined {
  const { file } = code;
  const isTaken = options.get('tools', 'tool_choice') !== undefined;
  if (option.owner === undefined || option.isShort || isTaken || options.isOpen) return undefined;
  const key = file.slice(option.key).replace(name, name === 'functions' ? 'tools' : 'tool_choice');
  if (name === 'functions') return tools(code, option, key);
  const { literal, value } = option;
  const isWord = literal.kind === 'text' && (literal.value === 'auto' || literal.value === 'none');
  if (isWord) return [{ from: option.key.from, to: option.key.to, text: key }];
  const named = literal.kind === 'record' && literal.from === value.from ? textMember(literal, 'name') : undefined;
  if (named === undefined) return undefined;
  const inner = file.slice(literal);
  const text = file.isPython
    ? `{"type": "function", "function": ${inner}}`
    : `{ type: 'function', function: ${inner} }`;
  return [
    { from: option.key.from, to: option.key.to, text: key },
    { from: literal.from, to: literal.to, text },
  ];
}

/** As the guide converts them: each function wrapped. */
function tools({ file, program }: OpenAiCode, option: Option, key: string): readonly Edit[] | undefined {
  const { value } = option;
  const renamed = { from: option.key.from, to: option.key.to, text: key };
  if (value.kind === 'list') {
    const wraps = value.items.flatMap(({ from, to }) => [
      { from, to: from, text: file.isPython ? '{"type": "function", "function": ' : "{ type: 'function', function: " },
      { from: to, to, text: file.isPython ? '}' : ' }' },
    ]);
    return [renamed, ...wraps];
  }
  if (value.kind !== 'name' && value.kind !== 'member') return undefined;
  const list = file.slice(value);
  const constant = file.language === 'typescript' ? ' as const' : '';
  const text = file.isPython
    ? `[{"type": "function", "function": fn} for fn in ${list}]`
    : `${list}.map((fn) => ({ type: 'function'${constant}, function: fn }))`;
  return program.file.slice(value) === '' ? undefined : [renamed, { from: value.from, to: value.to, text }];
}
