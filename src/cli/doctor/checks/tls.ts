import { connect as connectPlain } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { type Host, hostsOf, isPrivate } from '../hosts.ts';

const LIMIT_MS = 10_000;
const SOON_MS = 7 * 86_400_000;

export const tls: DoctorCheck = {
  id: 'tls',
  group: 'network',
  title: { en: 'Connected to each surface and verified its certificate', zh: '连接各接入面并校验证书' },
  run: (examination) => Promise.all(hostsOf(examination).map((host) => connected(host, examination))),
};

async function connected(host: Host, examination: Examination): Promise<Finding> {
  const about = `${host.name}:${host.port}`;
  try {
    return { about, ...(await shake(host, examination)) };
  } catch (thrown) {
    for (const id of host.surfaces) examination.unreachable.add(id);
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const why = code || message;
    return failed(
      { en: `no connection (${why})`, zh: `无法连接（${why}）` },
      { about, code: 'upstream_unreachable', advice: adviceFor(why) },
    );
  }
}

function shake({ name, port, isTls }: Host, { options: { signal, clock } }: Examination): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const from = clock.ticks();
    const socket = isTls
      ? connectTls({ host: name, port, servername: /^[\d.:]+$/.test(name) ? '' : name })
      : connectPlain({ host: name, port });
    const stop = () => socket.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    const cancel = clock.after(LIMIT_MS, () =>
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', reject);
    socket.once('close', () => {
      cancel();
      signal.removeEventListener('abort', stop);
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      const ms = Math.round(clock.ticks() - from);
      resolve(isTls ? certified(socket as TLSSocket, ms, clock.now()) : plain(name, ms));
      socket.end().destroy();
    });
  });
}

/** A connection without TLS. */
export function plain(name: string, ms: number): Finding {
  if (name === 'localhost' || isPrivate(name)) {
    return ok({ en: `connected in ${ms} ms, without TLS`, zh: `${ms} 毫秒内连接成功，无 TLS` });
  }
  return warning(
    {
      en: `connected in ${ms} ms, without TLS: keys and prompts can be read on the way`,
      zh: `${ms} 毫秒内连接成功，但没有 TLS：密钥和内容可被窃听`,
    },
    { advice: { en: 'Use https:// in `base_url`.', zh: '请在 `base_url` 中使用 https://。' } },
  );
}

function certified(socket: TLSSocket, ms: number, now: number): Finding {
  const { issuer, valid_to: until } = socket.getPeerCertificate();
  const by = [issuer?.O ?? issuer?.CN ?? '?'].flat().join(', ');
  const seen: Phrase = {
    en: `${socket.getProtocol() ?? 'TLS'} in ${ms} ms; certificate by ${by}, until ${until}`,
    zh: `${socket.getProtocol() ?? 'TLS'}，${ms} 毫秒；证书颁发者 ${by}，有效期至 ${until}`,
  };
  if (Date.parse(until) - now > SOON_MS) return ok(seen);
  return warning(seen, {
    advice: {
      en: 'It ends within a week; whoever runs that address should renew it.',
      zh: '一周内到期，请该地址的维护者更新证书。',
    },
  });
}

function adviceFor(code: string): Phrase {
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) return NOT_TRUSTED;
  return NO_WAY;
}

const NOT_TRUSTED: Phrase = {
  en: 'Something between opens the connection (a company’s proxy, an antivirus), or the clock is wrong. Trust its authority with NODE_EXTRA_CA_CERTS=FILE.pem; do not turn verification off.',
  zh: '中间有设备拆开了连接（公司代理、杀毒软件），或本机时钟不准。可用 NODE_EXTRA_CA_CERTS=FILE.pem 信任其根证书；不要关闭校验。',
};

const NO_WAY: Phrase = {
  en: 'ECONNREFUSED: nobody listens there, check `base_url`; ETIMEDOUT, ECONNRESET: a firewall or the line; the proxy line says whether this network wants a proxy. By hand: curl -v',
  zh: 'ECONNREFUSED：该处无人监听，请检查 `base_url`；ETIMEDOUT、ECONNRESET：防火墙或线路问题；proxy 一行说明网络是否需要代理。可手动测试：curl -v',
};
