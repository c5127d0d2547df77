import { environmentVariable } from '../../../config/index.ts';
import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
const LOOPBACK = ['127.0.0.1', 'localhost', '*'];

/**
 * undici's pools connect straight to their origin and read no such variables; Node's own fetch and http do where
 * NODE_USE_ENV_PROXY is set (Node 24). test/doctor/doctor.test.ts shows it of the surfaces.
 */
export const proxy: DoctorCheck = {
  id: 'proxy',
  group: 'here',
  title: { en: 'Looked for proxy variables', zh: '检查代理环境变量' },
  needsNothing: true,
  async run() {
    const set = PROXIES.filter((name) => environmentVariable(name) !== undefined);
    const findings: Finding[] = [];
    if (set.length === 0)
      findings.push(ok({ en: 'none is set; the gateway connects directly', zh: '未设置；网关直接连接' }));
    else findings.push(unused(set), ...forClients());
    if (environmentVariable('NODE_TLS_REJECT_UNAUTHORIZED') === '0') findings.push(unverified());
    const authorities = environmentVariable('NODE_EXTRA_CA_CERTS');
    if (authorities !== undefined) {
      findings.push(
        ok(
          { en: 'further authorities are trusted', zh: '额外信任的证书' },
          { about: `NODE_EXTRA_CA_CERTS=${authorities}` },
        ),
      );
    }
    return findings;
  },
};

function unused(set: readonly string[]): Finding {
  return warning(
    {
      en: 'set, and the gateway does not use it: it connects directly to every surface',
      zh: '已设置，但网关不使用它：网关直接连接各接入面',
    },
    {
      about: set.map((name) => `${name}=${withoutPassword(environmentVariable(name) ?? '')}`).join(' '),
      advice: {
        en: 'If dns and tls below are fine, nothing is to be done. If this network lets nobody out but the proxy, run the gateway where direct connections work, or set `base_url` to a reverse proxy.',
        zh: '如果下面的 dns 与 tls 正常，无需处理。如果网络只允许经代理外出，请把网关运行在可直连之处，或把 `base_url` 指向反向代理。',
      },
    },
  );
}

/** Clients of this machine that obey the variables would ask the proxy for 127.0.0.1, which is another machine to it. */
function forClients(): readonly Finding[] {
  const except = (environmentVariable('NO_PROXY') ?? environmentVariable('no_proxy') ?? '').split(/[,\s]+/);
  if (except.some((name) => LOOPBACK.includes(name))) {
    return [
      ok({ en: 'clients call the gateway directly', zh: '客户端直连网关' }, { about: `NO_PROXY=${except.join(',')}` }),
    ];
  }
  return [
    warning(
      {
        en: 'does not name 127.0.0.1: clients that obey the proxy variables look for the gateway behind the proxy, and get its 502 or 503',
        zh: '未包含 127.0.0.1：遵循代理变量的客户端会到代理后面找网关，得到 502 或 503',
      },
      {
        about: 'NO_PROXY',
        advice: { en: 'export NO_PROXY=127.0.0.1,localhost', zh: 'export NO_PROXY=127.0.0.1,localhost' },
      },
    ),
  ];
}

function unverified(): Finding {
  return warning(
    {
      en: 'certificates are not verified: whoever stands between can read the keys',
      zh: '未校验证书：中间人可以读到密钥',
    },
    {
      about: 'NODE_TLS_REJECT_UNAUTHORIZED=0',
      advice: {
        en: 'Unset it; trust a further authority by NODE_EXTRA_CA_CERTS instead.',
        zh: '请取消设置；需要信任额外证书时使用 NODE_EXTRA_CA_CERTS。',
      },
    },
  );
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//***@');
}
