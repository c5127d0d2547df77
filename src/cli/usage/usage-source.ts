import { existsSync } from 'node:fs';
import { systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/index.ts';
import { readCalls, reportCsv, writeCalls } from '../../ledger/export.ts';
import { readUsageQuery } from '../../ledger/usage-query.ts';
import { type UsageReport, usageReport } from '../../ledger/usage-report.ts';
import { databaseTarget } from '../../state.ts';
import { failureOf } from '../chat/refusal.ts';
import { Failure, textOption } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import type { Phrase } from '../language.ts';
import { openStore } from '../store-target.ts';

/** Where the figures come from: the database itself, which whoever reads the configuration may read, or a gateway. */
export interface UsageSource {
  report(query: URLSearchParams): Promise<UsageReport>;
  reportCsv(query: URLSearchParams): Promise<string>;
  calls(query: URLSearchParams, format: 'csv' | 'json'): AsyncIterable<string>;
  close(): Promise<void>;
}

const ADMIN_KEY: Phrase = { en: 'The admin key is given with --key.', zh: '管理密钥用 --key 提供。' };

type Values = Readonly<Record<string, unknown>>;

export async function openUsageSource(values: Values): Promise<UsageSource> {
  return textOption(values, 'url') === undefined ? inDatabase(values) : atGateway(values);
}

function inDatabase(values: Values): UsageSource {
  const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
  const target = databaseTarget(config);
  if (target.kind === 'sqlite' && !existsSync(target.path)) {
    throw new Failure(
      { en: `There is no ledger yet: ${target.path} does not exist.`, zh: `还没有账本：${target.path} 不存在。` },
      {
        code: 'not_found',
        hint: {
          en: 'It begins with the first request that `moongate serve` answers. Another folder: --data DIR.',
          zh: '`moongate serve` 应答第一个请求后即会创建。其他目录请用 --data DIR。',
        },
      },
    );
  }
  const database = openStore(target);
  const read = (query: URLSearchParams) => readUsageQuery(query, systemClock.now());
  return {
    report: (query) => usageReport(database, read(query)),
    reportCsv: async (query) => reportCsv(await usageReport(database, read(query))),
    calls: (query, format) => writeCalls(readCalls(database, read(query)), format),
    close: () => database.close(),
  };
}

async function atGateway(values: Values): Promise<UsageSource> {
  const endpoint = await openEndpoint(values);
  const ask = async (path: string, query: URLSearchParams, format: string) => {
    const response = await endpoint.call(`${path}?${new URLSearchParams([...query, ['format', format]])}`);
    if (response.ok) return response;
    const refusal = await failureOf(response);
    throw new Failure(refusal.words, { code: refusal.code, hint: refusal.advice ?? ADMIN_KEY });
  };
  return {
    report: async (query) => (await (await ask('/admin/usage', query, 'json')).json()) as UsageReport,
    reportCsv: async (query) => (await ask('/admin/usage', query, 'csv')).text(),
    async *calls(query, format) {
      const { body } = await ask('/admin/usage/calls', query, format);
      const decoder = new TextDecoder();
      for await (const bytes of body ?? []) yield decoder.decode(bytes, { stream: true });
    },
    close: () => endpoint.close(),
  };
}
