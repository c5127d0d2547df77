import { isAgreed } from '../ask.ts';
import { EXIT, type Terminal, textOption, UsageError } from '../command.ts';
import { diffText } from '../edit/diff.ts';
import { mergeDocument } from '../edit/document.ts';
import { planEdit } from '../edit/planned-edit.ts';
import { healthAt } from '../gateway-health.ts';
import { type Phrase, phrase } from '../language.ts';
import type { Client, Gateway } from './client.ts';
import { type GatewayFacts, gatewayFacts, gatewayFor } from './gateway-facts.ts';
import { Journal } from './journal.ts';
import { homeOf, pathOf } from './place.ts';

type Values = Readonly<Record<string, unknown>>;

/** Writes or prints what a client needs. Resolves with the exit code. */
export async function runSetup(terminal: Terminal, values: Values, client: Client): Promise<number> {
  const facts = gatewayFacts(values);
  const gateway = gatewayFor(client, facts, textOption(values, 'model'));
  const { file, settings } = client;
  const path = file === undefined ? undefined : pathOf(file, values);
  if (path === undefined && textOption(values, 'file') !== undefined) {
    throw new UsageError({
      en: `${client.id} has no file: it is set up by what this command prints without --file.`,
      zh: `${client.id} 没有配置文件：请去掉 --file，按打印的内容配置。`,
    });
  }
  if (values['print'] === true || path === undefined || file === undefined || settings === undefined) {
    printSetup(terminal, client, forScreen(gateway, facts), path);
    return EXIT.ok;
  }
  const edit = planEdit(path, file.format, settings(gateway));
  const say = speaker(terminal);
  if (edit === undefined) {
    say({ en: `${path} says it all already: nothing to do.`, zh: `${path} 已经配置好，无需改动。` });
    return EXIT.ok;
  }
  terminal.stdout.write(diffText(edit, terminal));
  if (!(await isAgreed(terminal, values, { en: `Write ${path}?`, zh: `写入 ${path}？` }))) {
    say({ en: 'Nothing was written.', zh: '没有写入任何内容。' });
    return EXIT.failed;
  }
  const { backup } = new Journal(homeOf(values).home).write(client.id, edit);
  say({ en: `Written: ${path}`, zh: `已写入：${path}` });
  if (backup !== undefined) say({ en: `Before:  ${backup}`, zh: `原内容：${backup}` });
  say({ en: `Back:    moongate setup ${client.id} --undo`, zh: `撤销：moongate setup ${client.id} --undo` });
  advise(terminal, client, forScreen(gateway, facts));
  await tellIfAbsent(terminal, gateway);
  return EXIT.ok;
}

export function runUndo(terminal: Terminal, values: Values, client: Client): number {
  const { path, backup } = new Journal(homeOf(values).home).undo(client.id, values['force'] === true);
  speaker(terminal)(
    backup === undefined
      ? { en: `${path} was made by moongate and is gone again.`, zh: `${path} 由 moongate 创建，现已删除。` }
      : { en: `${path} is as it was before.`, zh: `${path} 已恢复原样。` },
  );
  return EXIT.ok;
}

/** A key of the configuration is not shown; one that was given on the command line is no news. */
function forScreen(gateway: Gateway, { hasOwnKey }: GatewayFacts): Gateway {
  return hasOwnKey ? { ...gateway, key: 'YOUR_MOONGATE_KEY' } : gateway;
}

function printSetup(terminal: Terminal, client: Client, gateway: Gateway, path: string | undefined): void {
  const { file, settings, snippet } = client;
  const say = speaker(terminal);
  if (file !== undefined && settings !== undefined) {
    if (path !== undefined) say({ en: `In ${path}:`, zh: `写入 ${path}：` });
    const text = mergeDocument({ name: client.title, format: file.format, text: '' }, settings(gateway));
    terminal.stdout.write(`\n${text}\n`);
  }
  if (snippet !== undefined) terminal.stdout.write(`\n${snippet(gateway)}\n\n`);
  advise(terminal, client, gateway);
}

function advise(terminal: Terminal, client: Client, gateway: Gateway): void {
  for (const words of client.advice(gateway)) speaker(terminal)(words);
}

async function tellIfAbsent(terminal: Terminal, { origin }: Gateway): Promise<void> {
  if ((await healthAt(origin)) !== undefined) return;
  speaker(terminal)({
    en: `No gateway answers at ${origin} yet: moongate serve starts it.`,
    zh: `${origin} 上还没有网关在运行：用 moongate serve 启动。`,
  });
}

function speaker({ stdout, language }: Terminal): (words: Phrase) => void {
  return (words) => void stdout.write(`${phrase(words, language)}\n`);
}
