import type { Price } from '../../models/facts.ts';
import { type Column, headings } from '../columns.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION, type Terminal } from '../command.ts';
import { informedSoon, openEndpoint } from '../endpoint.ts';
import { type Language, phrase } from '../language.ts';
import { type AliasRow, allModels, type ModelRow, usableModels } from '../model-rows.ts';
import { modelsOf } from '../models-of.ts';
import { whileWaiting } from '../progress.ts';
import { table } from '../table.ts';

export const models: Command = {
  details: {
    en: [
      'Without --all it lists what the configured credentials can use, as the surfaces themselves tell; prices are those of',
      'the built-in catalogue, per million tokens: input / cached input / output. Aliases stand behind the models they mean.',
    ].join('\n'),
    zh: [
      '不带 --all 时列出已配置凭据可用的模型（以接入面返回的为准）；价格来自内置目录，',
      '单位为每百万 token：输入 / 缓存输入 / 输出。下方列出各别名对应的模型。',
    ].join('\n'),
  },
  options: [
    {
      flags: '--all',
      summary: {
        en: 'the whole built-in catalogue, with retired models and what serves instead; needs no account',
        zh: '列出整个内置目录，包括已下线的模型及其替代；无需账号',
      },
    },
    JSON_OPTION,
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    { line: 'moongate models', what: { en: 'what can be used here', zh: '查看可用模型' } },
    {
      line: 'moongate models --all',
      what: { en: 'everything that is known, without an account', zh: '查看全部已知模型，无需账号' },
    },
  ],
  async run(terminal, values) {
    const { stdout, language } = terminal;
    const list = values['all'] === true ? allModels() : await usable(terminal, values);
    if (values['json'] === true) {
      stdout.write(`${JSON.stringify(list, null, 2)}\n`);
      return EXIT.ok;
    }
    stdout.write(modelTable(list.models, language));
    stdout.write(`\n${phrase({ en: 'Aliases', zh: '别名' }, language)}\n${aliasLines(list.aliases, language)}`);
    return EXIT.ok;
  },
};

async function usable(terminal: Terminal, values: Readonly<Record<string, unknown>>) {
  const endpoint = await openEndpoint(values);
  const asking = { en: 'asking the surfaces for their models…', zh: '正在向接入面查询模型…' };
  try {
    return await whileWaiting(terminal, asking, async () => {
      await informedSoon(endpoint);
      return usableModels(await modelsOf(endpoint));
    });
  } finally {
    await endpoint.close();
  }
}

const HEAD: readonly Column[] = ['MODEL', 'CONTEXT', 'INPUT', 'THINKING', 'PRICE', 'SURFACES'];

function modelTable(rows: readonly ModelRow[], language: Language): string {
  const hasRetired = rows.some(({ retired }) => retired !== undefined);
  const head: readonly Column[] = hasRetired ? [...HEAD, 'RETIRED'] : HEAD;
  return table(
    headings(head, language),
    rows.map(({ id, context, input, thinking, efforts, prices, surfaces, retired }) => [
      id,
      context === undefined ? '' : tokens(context),
      input.join('+'),
      efforts.length > 0 ? efforts.join('/') : (thinking ?? ''),
      prices.map(price).join(phrase({ en: ' or ', zh: ' 或 ' }, language)),
      surfaces.join(', '),
      ...(retired === undefined
        ? []
        : [
            phrase(
              { en: `${retired.on}, now ${retired.successor}`, zh: `${retired.on}，现为 ${retired.successor}` },
              language,
            ),
          ]),
    ]),
  );
}

function tokens(count: number): string {
  return count % (1024 * 1024) === 0 ? `${count / 1024 / 1024}M` : `${Math.round(count / 1024)}K`;
}

function price({ currency, input, cached, output }: Price): string {
  return `${currency === 'USD' ? '$' : '¥'}${input} / ${cached} / ${output}`;
}

function aliasLines(aliases: readonly AliasRow[], language: Language): string {
  return table(
    headings(['NAME', 'STANDS FOR'], language),
    aliases.map(({ name, models: [first = '', ...others] }) => [
      name,
      others.length === 0
        ? first
        : phrase({ en: `${first}, else ${others.join(', ')}`, zh: `${first}，其次 ${others.join('、')}` }, language),
    ]),
  );
}
