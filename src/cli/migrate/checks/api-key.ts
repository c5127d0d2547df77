import { type Check, type Found, GUIDE } from '../check.ts';
import type { Client } from '../code/clients.ts';
import { KEY_NAMES } from '../code/libraries.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { calleePath } from '../code/requests.ts';
import { addOption, type Edit, replaceText } from '../edit.ts';
import { pathOf } from '../syntax/expression.ts';
import { environmentKey, KIMI_KEY } from './environment-key.ts';

const OPENAI_KEYS = new Set(['OPENAI_API_KEY', 'OPENAI_KEY']);
const ENVIRONMENT = /(?:^|\.)(?:process\.env|import\.meta\.env|os\.environ|environ|Bun\.env)$/;
const READERS = /(?:^|\.)(?:getenv|environ\.get|environ\.setdefault|Deno\.env\.get)$/;

export const apiKey: Check = {
  id: 'api-key',
  level: 'error',
  title: { en: 'The key of another vendor', zh: '其他厂商的密钥' },
  why: {
    en: 'Kimi answers 401 to it. The keys of platform.kimi.com and platform.kimi.ai are not interchangeable either.',
    zh: 'Kimi 会返回 401。platform.kimi.com 与 platform.kimi.ai 的密钥也不能混用。',
  },
  link: GUIDE,
  gateway: {
    en: 'takes any key on the loopback address and holds the real ones itself',
    zh: '在本机地址上接受任意密钥，真正的密钥由网关保管',
  },
  remains: {
    en: `give the program ${KIMI_KEY}, or any word if it calls the gateway`,
    zh: `为程序提供 ${KIMI_KEY}；若经由网关，任意字符串即可`,
  },
  fix: {
    en: 'the variable MOONSHOT_API_KEY (in Python only where `os` is imported)',
    zh: '改为环境变量 MOONSHOT_API_KEY（Python 仅在已导入 os 时）',
  },
  *find(code) {
    const { members, calls, parents } = code.program;
    for (const member of members) {
      if (
        !OPENAI_KEYS.has(member.property ?? '') ||
        !ENVIRONMENT.test(pathOf(member.object) ?? metaPath(code, member.object))
      )
        continue;
      const name = member.property ?? '';
      const at = member.to - code.file.slice(member).length + code.file.slice(member).lastIndexOf(name);
      yield {
        from: member.from,
        to: member.to,
        what: what(name),
        edits: [{ from: at, to: at + name.length, text: KIMI_KEY }],
      };
    }
    for (const call of calls) {
      const [name] = call.positional;
      if (name?.kind !== 'text' || !OPENAI_KEYS.has(name.value) || parents.has(call) || !READERS.test(calleePath(call)))
        continue;
      const edits = replaceText(code.file, name, KIMI_KEY);
      yield { from: call.from, to: call.to, what: what(name.value), ...(edits ? { edits } : {}) };
    }
    for (const client of code.clients) yield* implied(code, client);
  },
};

const what = (name: string) => ({ en: `reads the variable ${name}`, zh: `读取环境变量 ${name}` });

/** `import.meta` is no name to the parser. */
const metaPath = ({ file }: OpenAiCode, object: { from: number; to: number }): string => file.slice(object);

/** Without a key the client reads OPENAI_API_KEY by itself. */
function* implied(code: OpenAiCode, { call, library, options, target }: Client): Iterable<Found> {
  const isElsewhere = target === 'other' || target === 'unknown';
  if (isElsewhere || library.id !== 'openai' || options.isOpen || options.get(...KEY_NAMES)) return;
  const edits = fix(code, { call, options });
  yield {
    from: call.from,
    to: call.callee.to,
    what: { en: 'no key is set, so that OPENAI_API_KEY is read', zh: '未设置密钥，因此会读取 OPENAI_API_KEY' },
    ...(edits ? { edits } : {}),
  };
}

function fix(
  { program, file }: OpenAiCode,
  { call, options }: Pick<Client, 'call' | 'options'>,
): readonly Edit[] | undefined {
  const value = environmentKey(program);
  if (value === undefined || call.list === undefined) return undefined;
  if (file.isPython) return call.keywords && addOption(file, { ...call.keywords, ...call.list }, `api_key=${value}`);
  if (options.record) return addOption(file, options.record, `apiKey: ${value}`);
  return call.positional.length === 0 ? [{ ...call.list, text: `({ apiKey: ${value} })` }] : undefined;
}
