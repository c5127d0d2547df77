import type { Credential } from '../../../credential.ts';
import type { QuotaReading } from '../../../upstreams/quota.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import { spanOf } from '../../credentials/credential-table.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, skipped, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { explainFailure } from '../explain-failure.ts';
import { leftToGateway } from '../left-to-gateway.ts';

/** From this share on a window is nearly used up. */
const NEARLY = 0.9;

export const quota: DoctorCheck = {
  id: 'quota',
  group: 'accounts',
  title: { en: 'Read what each account has left', zh: '读取各账号的额度与余额' },
  async run(examination) {
    const asked = (await examination.places()).flatMap(({ surface, credentials }) =>
      credentials.map((credential) => read(surface, credential, examination)),
    );
    return [...(await Promise.all(asked)), ...(await leftToGateway(examination))];
  },
};

async function read(surface: Surface, credential: Credential, examination: Examination): Promise<Finding> {
  const about = credential.id;
  const { readQuota } = surface.adapter;
  if (readQuota === undefined) return skipped({ en: 'the surface does not tell', zh: '该接入面不提供' }, { about });
  try {
    const reading = await readQuota(examination.placeOf(surface, credential));
    if (reading === undefined) return skipped({ en: 'the surface does not tell', zh: '该接入面不提供' }, { about });
    return judged(reading, about, examination.options.clock.now());
  } catch (thrown) {
    return explainFailure(thrown, about);
  }
}

function judged(reading: QuotaReading, about: string, now: number): Finding {
  const { windows, balance, spentUntil } = reading;
  const parts = windows.map(
    ({ name, used, limit, resetsAt }) =>
      `${name} ${used}/${limit}${resetsAt === undefined ? '' : ` (${spanOf(resetsAt - now)})`}`,
  );
  const seen = [...parts, ...(balance ? [`${balance.available} ${balance.currency}`] : [])].join(', ');
  if (spentUntil !== undefined) {
    return failed(
      { en: `used up: ${seen}`, zh: `已用完：${seen}` },
      { about, code: 'quota_exhausted', advice: balance ? TOP_UP : WAIT },
    );
  }
  const isNear = windows.some(({ used, limit }) => limit > 0 && used / limit >= NEARLY);
  return isNear
    ? warning({ en: `nearly used up: ${seen}`, zh: `即将用完：${seen}` }, { about, advice: WAIT })
    : ok(seen, { about });
}

const TOP_UP: Phrase = {
  en: 'Top the account up, or add a credential of another account.',
  zh: '请充值，或添加其他账号的凭据。',
};

const WAIT: Phrase = {
  en: 'It begins anew in the time in brackets; until then add a credential of another account or another surface.',
  zh: '括号内时间后重置；在此之前可添加其他账号或其他接入面的凭据。',
};
