import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { databaseTarget } from '../../state.ts';
import { CONFIG_OPTIONS, type Command, EXIT, Failure, textOption } from '../command.ts';
import { phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';
import { openStore } from '../store-target.ts';

const COPYING = { en: 'copying…', zh: '正在复制…' };

export const backup: Command = {
  args: '<file>',
  details: {
    en: [
      'The gateway may go on running: the copy is of one moment, checked, and appears when it is whole. To restore it,',
      'stop the gateway and put the file in the place of moongate.db in the data folder, without moongate.db-wal and -shm.',
      'A PostgreSQL database is backed up by its own tools (pg_dump).',
    ].join('\n'),
    zh: [
      '网关可以继续运行：备份是同一时刻的完整副本，经过校验，写完后才出现。恢复时先停止网关，',
      '再用该文件替换数据目录中的 moongate.db，并删除 moongate.db-wal 和 -shm。',
      'PostgreSQL 数据库请用其自带工具（pg_dump）备份。',
    ].join('\n'),
  },
  options: CONFIG_OPTIONS,
  examples: [
    {
      line: 'moongate backup moongate-$(date +%F).db',
      what: { en: 'a copy with the day in its name', zh: '文件名带日期的备份' },
    },
  ],
  async run(terminal, values, [file = '']) {
    const { stdout, language } = terminal;
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const target = databaseTarget(config);
    if (target.kind === 'sqlite' && !existsSync(target.path)) {
      throw new Failure(
        {
          en: `There is nothing to back up: ${target.path} does not exist.`,
          zh: `没有可备份的内容：${target.path} 不存在。`,
        },
        { code: 'not_found' },
      );
    }
    const database = openStore(target);
    try {
      await whileWaiting(terminal, COPYING, () => database.backup(resolve(file)));
    } finally {
      await database.close();
    }
    const kib = Math.ceil(statSync(file).size / 1024);
    stdout.write(`${phrase({ en: `${file}: ${kib} KiB, checked`, zh: `${file}：${kib} KiB，已校验` }, language)}\n`);
    return EXIT.ok;
  },
};
