import { type Check, GUIDE } from '../check.ts';
import { KEY_NAMES } from '../code/libraries.ts';
import { isWithin, type Text } from '../syntax/expression.ts';
import { candidates } from '../syntax/program.ts';
import { environmentKey } from './environment-key.ts';

const KEY = /^sk-[A-Za-z0-9_-]{20,}$/;
const PLACEHOLDER = /x{4,}|\.\.\.|your|example|placeholder|test|dummy|fake|1234567/i;
const VARIABLE = /^[A-Z]+(?:_[A-Z]+)*_API_KEY$/;

export const hardCodedKey: Check = {
  id: 'hard-coded-key',
  level: 'error',
  title: { en: 'A key stands in the code', zh: '代码中写有密钥' },
  why: {
    en: 'Everybody who can read the code can spend the money behind it, and the history keeps it after it was taken out.',
    zh: '任何能读到代码的人都能花掉它背后的钱；即使删除，历史记录里仍然存在。',
  },
  link: GUIDE,
  gateway: { en: 'nothing: it never sees where a key comes from', zh: '无：网关看不到密钥来自哪里' },
  remains: {
    en: 'revoke it where it was issued, and read the new one from the environment',
    zh: '在签发处吊销它，并改为从环境变量读取新的密钥',
  },
  fix: {
    en: 'the variable MOONSHOT_API_KEY, in the options of a client',
    zh: '在客户端选项中改为环境变量 MOONSHOT_API_KEY',
  },
  *find({ program, file, clients }) {
    const inClients = clients.flatMap(({ options }) => {
      const option = options.get(...KEY_NAMES);
      return option === undefined ? [] : candidates(program, option.value).filter((value) => value.kind === 'text');
    });
    for (const text of program.texts) {
      const isOption = inClients.some((option) => option === text || isWithin(option, text));
      const isName = isOption && VARIABLE.test(text.value);
      if (!isName && !isKey(text)) continue;
      const value = isOption ? environmentKey(program) : undefined;
      yield {
        from: text.from,
        to: text.to,
        what: isName
          ? {
              en: `the text "${text.value}" is sent as the key, not the variable's value`,
              zh: `把文本 "${text.value}" 当作密钥发送，而不是该变量的值`,
            }
          : { en: `the key ${masked(text.value)}`, zh: `密钥 ${masked(text.value)}` },
        ...(value === undefined || file.slice(text).length < text.value.length + 2
          ? {}
          : { edits: [{ from: text.from, to: text.to, text: value }] }),
      };
    }
  },
};

function isKey({ value }: Text): boolean {
  return KEY.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value.slice(3)) && !PLACEHOLDER.test(value);
}

const masked = (key: string): string => `sk-…${key.slice(-4)}`;

/** A text in which whatever looks like a key shows its last four characters only. */
export const withMaskedKeys = (text: string): string => text.replace(/\bsk-[A-Za-z0-9_-]{20,}/g, masked);
