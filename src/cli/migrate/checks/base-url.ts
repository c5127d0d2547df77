import type { Found } from '../check.ts';
import { type Check, GUIDE } from '../check.ts';
import { baseUrlOf, type Client, targetOf } from '../code/clients.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { addOption, type Edit, replaceText } from '../edit.ts';
import { isWithin, type Text } from '../syntax/expression.ts';
import { candidates } from '../syntax/program.ts';

export const baseUrl: Check = {
  id: 'base-url',
  level: 'error',
  title: { en: 'The requests go to another vendor', zh: '请求发往其他厂商' },
  why: {
    en: 'A client without a base address calls api.openai.com, which knows neither Kimi nor its keys.',
    zh: '未设置 base URL 的客户端会访问 api.openai.com，那里既没有 Kimi，也不认它的密钥。',
  },
  link: GUIDE,
  gateway: {
    en: 'listens on an address that every OpenAI client takes as its base URL',
    zh: '提供一个任何 OpenAI 客户端都能使用的 base URL',
  },
  remains: {
    en: 'set the base URL to the gateway (http://127.0.0.1:8000/v1), or to https://api.moonshot.cn/v1 or https://api.moonshot.ai/v1; the variable OPENAI_BASE_URL does it as well',
    zh: '把 base URL 设为网关（http://127.0.0.1:8000/v1），或 https://api.moonshot.cn/v1、https://api.moonshot.ai/v1；也可以用环境变量 OPENAI_BASE_URL',
  },
  fix: { en: "the gateway's address, or the one of --base-url", zh: '网关地址，或 --base-url 指定的地址' },
  *find(code) {
    for (const client of code.clients) yield* ofClient(code, client);
    for (const text of code.program.texts) {
      const isOfClient = code.clients.some(({ call }) => isWithin(text, call));
      if (!isOfClient && isVendorApi(text)) yield literal(code, text, isCalled(code, text));
    }
  },
};

/** An address of the API itself. Other pages are none of our business, and other vendors' may be in a list of vendors. */
const isVendorApi = ({ value }: Text): boolean => /^https?:\/\/(?:\w+\.)?api\.openai\.com\/v\d/.test(value);

/** An address that is called or configured here; one in a table may be meant as it is. */
function isCalled({ program, requests }: OpenAiCode, text: Text): boolean {
  const isArgument = program.calls.some(({ positional }) => positional[0] === text);
  const isSetting = program.assignments.some(
    ({ target, value }) =>
      value === text && target.kind === 'member' && /^(?:api_base|base_url)$/.test(target.property ?? ''),
  );
  const isRequest = requests.some(
    ({ call, form }) => form === 'http' && call.positional[0] && candidates(program, call.positional[0]).includes(text),
  );
  return isArgument || isSetting || isRequest;
}

function* ofClient(code: OpenAiCode, client: Client): Iterable<Found> {
  const { call, library, options, target } = client;
  const url = baseUrlOf(options);
  if (library.id === 'azure') {
    yield { from: call.from, to: call.callee.to, what: { en: 'a client of Azure', zh: 'Azure 的客户端' } };
  } else if (url !== undefined) {
    for (const text of candidates(code.program, url))
      if (text.kind === 'text' && targetOf(text.value) === 'openai') yield literal(code, text);
  } else if (target === 'openai') {
    yield {
      from: call.from,
      to: call.callee.to,
      what: { en: 'no base URL is set', zh: '没有设置 base URL' },
      ...fix(code, client),
    };
  }
}

function literal(code: OpenAiCode, text: Text, isSafe = true): Found {
  const path = text.value.replace(/^https?:\/\/[^/]+(?:\/v\d+)?/, '').replace(/\/$/, '');
  const edits = !isSafe ? undefined : replaceText(code.file, text, `${code.baseUrl}${path}`);
  return {
    from: text.from,
    to: text.to,
    what: { en: `the address ${text.value}`, zh: `地址 ${text.value}` },
    ...(edits ? { edits } : {}),
  };
}

function fix(code: OpenAiCode, { call, library, options }: Client): { edits?: readonly Edit[] } {
  if (library.spelling === undefined || call.list === undefined) return {};
  const { file } = code;
  if (file.isPython) {
    return call.keywords
      ? { edits: addOption(file, { ...call.keywords, ...call.list }, `base_url="${code.baseUrl}"`) }
      : {};
  }
  const option = `${library.spelling.baseUrl}: '${code.baseUrl}'`;
  if (options.record) return { edits: addOption(file, options.record, option) };
  return call.positional.length === 0 ? { edits: [{ ...call.list, text: `({ ${option} })` }] } : {};
}
