import type { Credential } from '../../../credential.ts';
import { GatewayError } from '../../../errors.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import { type DoctorCheck, type Finding, failed, ok } from '../doctor-check.ts';
import type { Decision, Examination } from '../examination.ts';
import { explainFailure } from '../explain-failure.ts';
import { leftToGateway } from '../left-to-gateway.ts';

export const credentials: DoctorCheck = {
  id: 'credentials',
  group: 'accounts',
  title: { en: 'Asked each surface whether it takes the credential', zh: '询问各接入面是否接受凭据' },
  async run(examination) {
    const decisions = await examination.decide();
    const asked = (await examination.places()).flatMap(({ surface, credentials: own }) =>
      own.filter((one) => !isDecided(one, decisions)).map((one) => taken(surface, one, examination)),
    );
    return [...decisions.map(whereItBelongs), ...(await Promise.all(asked)), ...(await leftToGateway(examination))];
  },
};

const isDecided = (credential: Credential, decisions: readonly Decision[]) =>
  decisions.some((decision) => 'credential' in decision && decision.credential === credential);

function whereItBelongs(decision: Decision): Finding {
  const about = `MOONSHOT_API_KEY ${decision.mask}`;
  if ('credential' in decision) {
    const { surface } = decision.credential;
    return ok({ en: `belongs to ${surface}, which takes it`, zh: `属于 ${surface}，已被接受` }, { about });
  }
  const advice = {
    en: 'Copy the key again from platform.kimi.com or platform.kimi.ai.',
    zh: '请从 platform.kimi.com 或 platform.kimi.ai 重新复制密钥。',
  };
  const { problem } = decision;
  return failed({ en: problem, zh: `两套账号体系都不接受：${problem}` }, { about, code: 'upstream_auth', advice });
}

async function taken(surface: Surface, credential: Credential, examination: Examination): Promise<Finding> {
  const about = credential.id;
  const place = examination.placeOf(surface, credential);
  try {
    if (surface.adapter.check) await surface.adapter.check(place);
    else await examination.models(surface, credential);
    return ok({ en: `${surface.id} takes it`, zh: `${surface.id} 接受` }, { about });
  } catch (thrown) {
    if (GatewayError.from(thrown).code === 'upstream_auth') examination.refused.add(credential.id);
    const finding = explainFailure(thrown, about);
    const isWrongKey = GatewayError.from(thrown).code === 'upstream_auth' && surface.kind === 'platform';
    const other = isWrongKey ? await otherHost(surface, credential, examination) : undefined;
    return other === undefined ? finding : { ...finding, ...elsewhere(other) };
  }
}

/** The key goes to the vendor’s own other host only, or to what the owner configured in its place. */
async function otherHost(
  surface: Surface,
  credential: Credential,
  examination: Examination,
): Promise<Surface | undefined> {
  for (const other of examination.allSurfaces.values()) {
    if (other.kind !== 'platform' || other.id === surface.id || other.region === surface.region) continue;
    if (examination.unreachable.has(other.id)) continue;
    try {
      await other.adapter.listModels(examination.placeOf(other, { ...credential, headers: {}, surface: other.id }));
      return other;
    } catch {
      // Not there either: the key itself is wrong.
    }
  }
  return undefined;
}

function elsewhere({ id }: Surface): Pick<Finding, 'advice'> {
  return {
    advice: {
      en: `This key belongs to ${id}, which takes it: put it there. The two account systems share nothing.`,
      zh: `该密钥属于 ${id} 并被其接受：请移到那里。两套账号体系互不相通。`,
    },
  };
}
