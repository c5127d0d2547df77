import { callHttp } from '../../../upstreams/http-call.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import { VERSION } from '../../../version.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, skipped, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { explainFailure } from '../explain-failure.ts';

const LIMIT_MS = 10_000;
/** Tokens of the web chat are renewed three minutes ahead; beyond this they and certificates fail. */
const HARMFUL_MS = 150_000;
const NOTICEABLE_MS = 20_000;

export const clock: DoctorCheck = {
  id: 'clock',
  group: 'network',
  title: { en: 'Compared the clock with that of each surface', zh: '将本机时钟与各接入面对比' },
  run: (examination) => Promise.all(examination.surfaces.map((surface) => compared(surface, examination))),
};

/** Without a credential: the surface refuses, and says what time it is. */
async function compared(surface: Surface, { options, unreachable }: Examination): Promise<Finding> {
  const about = surface.id;
  const { clock: own, signal } = options;
  try {
    const timeouts = { firstByteMs: LIMIT_MS, idleMs: LIMIT_MS, totalMs: LIMIT_MS };
    const headers = { 'user-agent': `moongate/${VERSION}`, accept: 'application/json' };
    const call = { origin: surface.origin, path: `${surface.path}/models`, method: 'GET', headers } as const;
    const from = own.now();
    const reply = await callHttp(surface.dispatcher, call, timeouts, own, signal);
    const middle = (from + own.now()) / 2;
    await reply.body.return();
    const date = Date.parse(String(reply.headers.date));
    if (Number.isNaN(date)) return skipped({ en: 'it does not say what time it is', zh: '对方未告知时间' }, { about });
    return judged(middle - date, about);
  } catch (thrown) {
    unreachable.add(surface.id);
    return explainFailure(thrown, about);
  }
}

function judged(skewMs: number, about: string): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  // The header tells whole seconds.
  if (seconds <= 2) return ok({ en: 'the same time', zh: '时间一致' }, { about });
  const seen: Phrase =
    skewMs > 0
      ? { en: `this machine is ${seconds} s ahead`, zh: `本机快 ${seconds} 秒` }
      : { en: `this machine is ${seconds} s behind`, zh: `本机慢 ${seconds} 秒` };
  if (Math.abs(skewMs) < NOTICEABLE_MS) return ok(seen, { about });
  const advice = {
    en: 'Set the clock by the network (timedatectl set-ntp true): tokens and certificates are judged by it.',
    zh: '请启用网络对时（timedatectl set-ntp true）：令牌与证书的有效期都以时钟为准。',
  };
  return (Math.abs(skewMs) < HARMFUL_MS ? warning : failed)(seen, { about, advice });
}
