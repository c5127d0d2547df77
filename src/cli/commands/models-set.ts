import { loadConfig } from '../../config/index.ts';
import { ALIASES } from '../../models/aliases.ts';
import { factsOf, MODELS } from '../../models/facts.ts';
import { nearest } from '../../models/nearest.ts';
import { isAgreed } from '../ask.ts';
import { type Command, EXIT, Failure, type Terminal, textOption, UsageError } from '../command.ts';
import { diffText } from '../edit/diff.ts';
import { type PlannedEdit, planEdit, writeAll } from '../edit/planned-edit.ts';
import { type Bilingual, phrase } from '../language.ts';
import type { Client } from '../setup/client.ts';
import { CLIENTS } from '../setup/clients/index.ts';
import { gatewayFacts, gatewayFor } from '../setup/gateway-facts.ts';
import { Journal } from '../setup/journal.ts';
import { homeOf, pathOf } from '../setup/place.ts';
import { unknownClient } from './setup.ts';

type Values = Readonly<Record<string, unknown>>;

/** A change with the client whose file it is; none for moongate.yaml. */
interface Target {
  readonly client: Client | undefined;
  readonly edit: PlannedEdit | undefined;
}

export const modelsSet: Command = {
  args: '<model>',
  details: {
    en: [
      'Without --client it sets the model of every client that `moongate setup` has written, and `models.default` of moongate.yaml',
      'if there is one here, which serves requests that name no model and `moongate chat`. The change is shown before it is made;',
      'for a client `moongate setup CLIENT --undo` takes it back together with the rest.',
    ].join('\n'),
    zh: [
      '不带 --client 时，为 `moongate setup` 配置过的所有客户端设置模型；若此处有 moongate.yaml，也设置其中的 `models.default`',
      '（用于没有指定模型的请求和 `moongate chat`）。改动先显示再写入；`moongate setup CLIENT --undo` 会连同其余改动一起撤销。',
    ].join('\n'),
  },
  options: [
    { flags: '--client <id>', summary: { en: 'only this client', zh: '只设置这个客户端' } },
    { flags: '--yes', summary: { en: 'write without asking', zh: '不询问，直接写入' } },
    {
      flags: '--file <file>',
      summary: { en: "the client's file, where it lies elsewhere", zh: '客户端配置文件的位置（若不在默认处）' },
    },
    {
      flags: '--home <dir>',
      summary: { en: 'instead of your home folder, to try it out', zh: '代替主目录，用于试验' },
    },
    { flags: '--config <file>', summary: { en: 'configuration file of the gateway', zh: '网关的配置文件' } },
  ],
  examples: [
    { line: 'moongate models set kimi', what: { en: 'the coding model everywhere', zh: '全部改用编程模型' } },
    {
      line: 'moongate models set kimicode/kimi-for-coding --client clawdbot',
      what: { en: 'as `clawdbot models set` does', zh: '与 `clawdbot models set` 相同' },
    },
  ],
  async run(terminal, values, [model = '']) {
    const { stdout, stderr, language } = terminal;
    const doubt = doubtOf(model);
    if (doubt !== undefined) stderr.write(`${phrase(doubt, language)}\n`);
    const targets = targetsOf(values, model);
    const edits = targets.flatMap(({ edit }) => (edit === undefined ? [] : [edit]));
    if (edits.length === 0) {
      stdout.write(
        `${phrase({ en: `${model} is set already: nothing to do.`, zh: `已经是 ${model}，无需改动。` }, language)}\n`,
      );
      return EXIT.ok;
    }
    for (const edit of edits) stdout.write(diffText(edit, terminal));
    if (!(await isAgreed(terminal, values, { en: 'Write this?', zh: '写入以上改动？' }))) {
      stdout.write(`${phrase({ en: 'Nothing was written.', zh: '没有写入任何内容。' }, language)}\n`);
      return EXIT.failed;
    }
    write(terminal, values, targets);
    return EXIT.ok;
  },
};

function targetsOf(values: Values, model: string): readonly Target[] {
  const named = textOption(values, 'client');
  const facts = gatewayFacts(values);
  const journal = new Journal(homeOf(values).home);
  const clients = named === undefined ? journal.clients() : [named];
  const targets = clients.flatMap((id): Target[] => {
    const client = CLIENTS.find((known) => known.id === id);
    if (client === undefined && named !== undefined) throw unknownClient(named);
    const path = client?.file === undefined ? undefined : (journal.entry(id)?.path ?? pathOf(client.file, values));
    if (client?.file === undefined || client.modelSettings === undefined || path === undefined) {
      if (named !== undefined) throw noFile(named);
      return [];
    }
    return [
      { client, edit: planEdit(path, client.file.format, client.modelSettings(gatewayFor(client, facts, model))) },
    ];
  });
  const own = named === undefined ? loadConfig({ file: textOption(values, 'config') }).file : undefined;
  if (own !== undefined)
    targets.push({ client: undefined, edit: planEdit(own, 'yaml', { models: { default: model } }) });
  if (targets.length > 0) return targets;
  throw new Failure(
    {
      en: 'There is no moongate.yaml here, and no client has been set up.',
      zh: '这里没有 moongate.yaml，也没有配置过任何客户端。',
    },
    {
      code: 'config_invalid',
      hint: {
        en: 'Set one up (moongate setup), name one with --client, or begin with moongate init.',
        zh: '请先配置客户端（moongate setup），或用 --client 指定，或从 moongate init 开始。',
      },
    },
  );
}

function noFile(client: string): UsageError {
  return new UsageError({
    en: `${client} has no file in which a model is set.`,
    zh: `${client} 没有可以设置模型的配置文件。`,
  });
}

function write({ stdout, language }: Terminal, values: Values, targets: readonly Target[]): void {
  const journal = new Journal(homeOf(values).home);
  for (const { client, edit } of targets) {
    if (edit === undefined) continue;
    if (client === undefined) writeAll([edit]);
    else journal.write(client.id, edit);
    stdout.write(`${phrase({ en: `Written: ${edit.file.path}`, zh: `已写入：${edit.file.path}` }, language)}\n`);
  }
}

/** A surface may serve what the catalogue does not know, so an unknown name is no error. */
function doubtOf(model: string): Bilingual | undefined {
  const name = model.slice(model.indexOf('/') + 1);
  if (factsOf(name) !== undefined || ALIASES.some((alias) => alias.name === name)) return undefined;
  const [near] = nearest(name, [...MODELS.map(({ id }) => id), ...ALIASES.map((alias) => alias.name)]);
  const meant = near === undefined ? { en: '', zh: '' } : { en: ` Did you mean ${near}?`, zh: `是否想输入 ${near}？` };
  return {
    en: `The catalogue does not know ${model}.${meant.en} \`moongate models\` lists what your credentials can use.`,
    zh: `目录中没有 ${model}。${meant.zh}\`moongate models\` 列出您的凭据可用的模型。`,
  };
}
