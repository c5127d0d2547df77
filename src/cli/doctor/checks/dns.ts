import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { type Host, hostsOf, isPrivate } from '../hosts.ts';
import { within } from '../within.ts';

const LIMIT_MS = 10_000;
const SHOWN = 4;

export const dns: DoctorCheck = {
  id: 'dns',
  group: 'network',
  title: { en: 'Looked up the name of each surface', zh: '解析各接入面的域名' },
  run: (examination) => Promise.all(hostsOf(examination).map((host) => found(host, examination))),
};

async function found({ name, surfaces }: Host, { options, unreachable }: Examination): Promise<Finding> {
  const about = name;
  if (isIP(name) > 0) return ok({ en: 'an address, not a name', zh: '是地址而非域名' }, { about });
  try {
    // As undici looks names up: by the system’s resolver.
    const addresses = await within(LIMIT_MS, options.clock, lookup(name, { all: true }));
    if (addresses === undefined) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' });
    return lookedUp(
      name,
      addresses.map(({ address }) => address),
    );
  } catch (thrown) {
    for (const id of surfaces) unreachable.add(id);
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    return failed(
      { en: `cannot be looked up (${code})`, zh: `无法解析（${code}）` },
      {
        about,
        code: 'upstream_unreachable',
        advice: {
          en: 'ENOTFOUND: the name is wrong (`base_url`), or this machine has no DNS; EAI_AGAIN, ETIMEOUT: the network is down.',
          zh: 'ENOTFOUND：名称有误（`base_url`）或本机没有 DNS；EAI_AGAIN、ETIMEOUT：网络不通。',
        },
      },
    );
  }
}

/** By the addresses that a name has here. */
export function lookedUp(name: string, addresses: readonly string[]): Finding {
  const shown = addresses.slice(0, SHOWN).join(', ');
  if (name !== 'localhost' && addresses.every(isPrivate)) {
    return warning(
      { en: `${shown}: not a public address`, zh: `${shown}：不是公网地址` },
      {
        about: name,
        advice: {
          en: 'A local proxy or a line in the hosts file answers for it: fine if you put it there, else look at the DNS settings.',
          zh: '有本地代理或 hosts 条目在代答：如果是您自己设置的则无妨，否则请检查 DNS 设置。',
        },
      },
    );
  }
  return ok(shown, { about: name });
}
