import type { Credential } from '../../../credential.ts';
import type { Surface } from '../../../upstreams/surface.ts';
import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { explainFailure } from '../explain-failure.ts';
import { leftToGateway } from '../left-to-gateway.ts';

const SHOWN = 12;

export const models: DoctorCheck = {
  id: 'models',
  group: 'accounts',
  title: { en: 'Read the model list of each account', zh: '读取各账号的模型列表' },
  async run(examination) {
    const asked = (await examination.places()).flatMap(({ surface, credentials }) =>
      onePerAccount(credentials).map((credential) => listed(surface, credential, examination)),
    );
    return [...(await Promise.all(asked)), ...(await leftToGateway(examination))];
  },
};

function onePerAccount(credentials: readonly Credential[]): readonly Credential[] {
  return [
    ...new Map(credentials.toReversed().map((credential) => [credential.account, credential])).values(),
  ].toReversed();
}

async function listed(surface: Surface, credential: Credential, examination: Examination): Promise<Finding> {
  const about = credential.id;
  try {
    const list = await examination.models(surface, credential);
    const ids = list.map(({ id }) => id);
    if (ids.length === 0) {
      return warning(
        { en: 'the list is empty', zh: '列表为空' },
        {
          about,
          advice: { en: 'The account may use no model: see its console.', zh: '该账号没有可用模型：请查看控制台。' },
        },
      );
    }
    const more = ids.length > SHOWN ? `, … (${ids.length})` : '';
    return ok(`${ids.slice(0, SHOWN).join(', ')}${more}`, { about });
  } catch (thrown) {
    return explainFailure(thrown, about);
  }
}
