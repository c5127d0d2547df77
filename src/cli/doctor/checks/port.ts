import { createServer } from 'node:net';
import { formatListen } from '../../../config/index.ts';
import { VERSION } from '../../../version.ts';
import { addressOf, healthAt } from '../../gateway-health.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { holderOf } from '../port-holder.ts';

export const port: DoctorCheck = {
  id: 'port',
  group: 'here',
  title: { en: 'Looked whether the address of the gateway is free', zh: '检查网关地址是否可用' },
  async run({ config }: Examination) {
    const about = formatListen(config.listen);
    const code = await tryToListen(config.listen);
    if (code === undefined)
      return [ok({ en: 'free; no gateway runs here', zh: '空闲；此处没有网关在运行' }, { about })];
    const health = code === 'EADDRINUSE' ? await healthAt(addressOf(config)) : undefined;
    if (health !== undefined) {
      const { version, mode } = health;
      const seen = { en: `moongate ${version} runs here (${mode})`, zh: `moongate ${version} 正在运行（${mode}）` };
      if (version === VERSION) return [ok(seen, { about })];
      return [
        warning(seen, {
          about,
          advice: { en: `This is ${VERSION}: start the gateway anew.`, zh: `当前版本为 ${VERSION}：请重启网关。` },
        }),
      ];
    }
    const holder = code === 'EADDRINUSE' ? holderOf(config.listen.port) : undefined;
    return [taken(code, about, holder)];
  },
};

/** By the system's code for why the address cannot be listened on. */
export function taken(code: string, about: string, holder?: string): Finding {
  return failed(seenAt(code, holder), { about, advice: ADVICE[code] ?? OTHER });
}

function seenAt(code: string, holder: string | undefined): Phrase {
  if (code !== 'EADDRINUSE') return { en: `cannot be listened on (${code})`, zh: `无法监听（${code}）` };
  return {
    en: `taken, and not by moongate${holder === undefined ? '' : `: ${holder}`}`,
    zh: `已被占用，且不是 moongate${holder === undefined ? '' : `：${holder}`}`,
  };
}

const OTHER: Phrase = {
  en: 'Listen elsewhere: `listen: 127.0.0.1:8100`, or --listen; clients then need the new address.',
  zh: '请换一个地址：`listen: 127.0.0.1:8100` 或 --listen；客户端也要相应修改。',
};

const ADVICE: Readonly<Record<string, Phrase>> = {
  EADDRINUSE: {
    en: 'End that program, or listen elsewhere: `listen: 127.0.0.1:8100`; clients then need the new address.',
    zh: '请结束该程序，或换一个地址：`listen: 127.0.0.1:8100`；客户端也要相应修改。',
  },
  EACCES: {
    en: 'Ports below 1024 are the system’s: take a higher one.',
    zh: '1024 以下的端口由系统保留，请使用更大的端口号。',
  },
  EADDRNOTAVAIL: {
    en: 'This machine has no such address: 127.0.0.1 is always there, 0.0.0.0 means all.',
    zh: '本机没有该地址：127.0.0.1 总是可用，0.0.0.0 表示全部。',
  },
};

/** The system’s code for why not; undefined: it can be listened on. */
function tryToListen({
  host,
  port: number,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? cause.message));
    server.listen({ host, port: number, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
