import { systemClock } from '../../clock.ts';
import { ADMIN_KEY_OPTION, CONFIG_OPTIONS, type Command, EXIT, JSON_OPTION } from '../command.ts';
import { phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';
import { accountQuotas } from '../quota/quota-rows.ts';
import { readQuotas } from '../quota/quota-source.ts';
import { quotaTable } from '../quota/quota-table.ts';

const FROM = {
  gateway: { en: 'As the gateway that runs here knows it.', zh: '数据来自正在运行的网关。' },
  surfaces: {
    en: 'As the surfaces say; rates are counted by a gateway that runs.',
    zh: '数据来自各接入面；速率由运行中的网关统计。',
  },
  minute: { en: 'As the surfaces said within the last minute.', zh: '数据为各接入面一分钟内的答复。' },
} as const;

export const quota: Command = {
  details: {
    en: [
      'Windows of the coding subscription, balances of the platform in the currency of the account system, what is left of the',
      'rates, and when each begins anew. A gateway that runs at the configured address is asked; where none runs, the surfaces',
      'are, which costs nothing. No account is asked more than once a minute. Exit code 1: something is used up or rests.',
    ].join('\n'),
    zh: [
      '显示编码订阅的额度窗口、开放平台的余额（按账号体系的币种）、剩余速率以及各自的重置时间。',
      '若配置的地址上有网关在运行则询问它，否则直接询问各接入面（不产生费用）。每个账号每分钟最多询问一次。',
      '退出码 1：有额度已用完或凭据在休息。',
    ].join('\n'),
  },
  options: [
    { flags: '--url <address>', summary: { en: 'ask this gateway', zh: '询问该网关' } },
    ADMIN_KEY_OPTION,
    JSON_OPTION,
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate quota', what: { en: 'what is left', zh: '查看剩余额度' } },
    {
      line: `moongate quota --json | jq '.accounts[].windows[] | select(.left < 10)'`,
      what: { en: 'windows that are nearly used up', zh: '即将用完的窗口' },
    },
  ],
  async run(terminal, values) {
    const { stdout, stderr, language } = terminal;
    const asking = { en: 'asking for the quotas…', zh: '正在查询额度…' };
    const { from, credentials } = await whileWaiting(terminal, asking, () => readQuotas(values));
    const accounts = accountQuotas(credentials);
    const now = systemClock.now();
    if (values['json'] === true) {
      stdout.write(`${JSON.stringify({ at: new Date(now).toISOString(), from, accounts }, null, 2)}\n`);
    } else {
      stdout.write(quotaTable(accounts, now, language));
      stderr.write(`${phrase(FROM[from], language)}\n`);
    }
    const isOut = accounts.some(({ because, windows, balance }) => {
      return (
        because !== null || windows.some(({ left, limit }) => limit > 0 && left <= 0) || (balance?.available ?? 1) <= 0
      );
    });
    return isOut ? EXIT.failed : EXIT.ok;
  },
};
