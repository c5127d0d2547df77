import type { Price } from '../../models/facts.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT } from '../command.ts';
import { informedSoon, openEndpoint } from '../endpoint.ts';
import { type AliasRow, allModels, type ModelRow, usableModels } from '../model-rows.ts';
import { modelsOf } from '../models-of.ts';
import { table } from '../table.ts';

export const models: Command = {
  details: [
    'Without --all it lists what the configured credentials can use, as the surfaces themselves tell; prices are those of',
    'the built-in catalogue, per million tokens: input / cached input / output.',
  ].join('\n'),
  options: [
    {
      flags: '--all',
      summary: 'the whole built-in catalogue, with retired models and what serves instead; needs no account',
    },
    { flags: '--json', summary: 'print JSON' },
    ...ENDPOINT_OPTIONS,
  ],
  async run({ stdout }, values) {
    const list = values['all'] === true ? allModels() : await usable(values);
    if (values['json'] === true) {
      stdout.write(`${JSON.stringify(list, null, 2)}\n`);
      return EXIT.ok;
    }
    stdout.write(modelTable(list.models));
    stdout.write(`\nAliases\n${aliasLines(list.aliases)}`);
    return EXIT.ok;
  },
};

async function usable(values: Readonly<Record<string, unknown>>) {
  const endpoint = await openEndpoint(values);
  try {
    await informedSoon(endpoint);
    return usableModels(await modelsOf(endpoint));
  } finally {
    await endpoint.close();
  }
}

function modelTable(rows: readonly ModelRow[]): string {
  const hasRetired = rows.some(({ retired }) => retired !== undefined);
  const head = ['MODEL', 'CONTEXT', 'THINKING', 'PRICE', 'SURFACES', ...(hasRetired ? ['RETIRED'] : [])];
  return table(
    head,
    rows.map(({ id, context, thinking, prices, surfaces, retired }) => [
      id,
      context === undefined ? '' : tokens(context),
      thinking ?? '',
      prices.map(price).join(' or '),
      surfaces.join(', '),
      ...(retired === undefined ? [] : [`${retired.on}, now ${retired.successor}`]),
    ]),
  );
}

function tokens(count: number): string {
  return count % (1024 * 1024) === 0 ? `${count / 1024 / 1024}M` : `${Math.round(count / 1024)}K`;
}

function price({ currency, input, cached, output }: Price): string {
  return `${currency === 'USD' ? '$' : '¥'}${input} / ${cached} / ${output}`;
}

function aliasLines(aliases: readonly AliasRow[]): string {
  return table(
    ['NAME', 'STANDS FOR'],
    aliases.map(({ name, models: [first = '', ...others] }) => [
      name,
      others.length === 0 ? first : `${first}, else ${others.join(', ')}`,
    ]),
  );
}
