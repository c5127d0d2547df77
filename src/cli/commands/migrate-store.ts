import { existsSync } from 'node:fs';
import { loadConfig } from '../../config/index.ts';
import { databaseTarget } from '../../state.ts';
import { moveStore } from '../../storage/move-store.ts';
import { headings } from '../columns.ts';
import { CONFIG_OPTIONS, type Command, EXIT, Failure, JSON_OPTION, textOption, UsageError } from '../command.ts';
import { phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';
import { describeStore, openStore, storeTarget } from '../store-target.ts';
import { table } from '../table.ts';

const COPYING = { en: 'copying…', zh: '正在复制…' };

export const migrateStore: Command = {
  details: {
    en: [
      'Copies every table, in pages and as one transaction: an interrupted copy leaves the target empty. A target that is',
      'not empty is refused. The source stays as it is. Stop the gateway before, so that nothing is written behind the copy.',
    ].join('\n'),
    zh: [
      '分页复制所有表，且在同一个事务中完成：中断后目标库仍为空。目标库不为空时拒绝执行。',
      '源库保持不变。请先停止网关，以免复制之后仍有写入。',
    ].join('\n'),
  },
  options: [
    {
      flags: '--from <store>',
      summary: {
        en: 'a SQLite file or postgres://… (default: moongate.db in the data folder)',
        zh: 'SQLite 文件或 postgres://…（默认：数据目录中的 moongate.db）',
      },
    },
    {
      flags: '--to <store>',
      summary: {
        en: 'an empty store (default: `database` of the configuration, which keeps its password off the command line)',
        zh: '空的目标库（默认：配置中的 `database`，这样密码不会出现在命令行中）',
      },
    },
    JSON_OPTION,
    ...CONFIG_OPTIONS,
  ],
  examples: [
    {
      line: 'moongate migrate-store --to postgres://moongate@db/moongate',
      what: { en: 'from one machine to a fleet', zh: '从单机迁移到集群' },
    },
  ],
  async run(terminal, values) {
    const { stdout, language } = terminal;
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const source = storeTarget(textOption(values, 'from'), { ...config, database: undefined }, '--from');
    const to = textOption(values, 'to');
    if (to === undefined && config.database === undefined) {
      throw new UsageError({
        en: '--to is missing, and the configuration names no `database`.',
        zh: '缺少 --to，配置中也没有 `database`。',
      });
    }
    const target = to === undefined ? databaseTarget(config) : storeTarget(to, config, '--to');
    if (source.kind === 'sqlite' && !existsSync(source.path)) {
      throw new Failure(
        {
          en: `There is nothing to copy: ${source.path} does not exist.`,
          zh: `没有可复制的内容：${source.path} 不存在。`,
        },
        { code: 'not_found' },
      );
    }
    const [from, into] = [openStore(source), openStore(target)];
    try {
      const moved = await whileWaiting(terminal, COPYING, () => moveStore(from, into));
      if (values['json'] === true) stdout.write(`${JSON.stringify(moved)}\n`);
      else {
        const rows = moved.map(({ table: name, rows: count }) => [name, count.toLocaleString('en')]);
        const head = {
          en: `${describeStore(source)} → ${describeStore(target)}: copied and counted`,
          zh: `${describeStore(source)} → ${describeStore(target)}：已复制并核对行数`,
        };
        stdout.write(`${phrase(head, language)}\n${table(headings(['TABLE', 'ROWS'], language), rows)}`);
      }
    } finally {
      await Promise.all([from.close(), into.close()]);
    }
    return EXIT.ok;
  },
};
