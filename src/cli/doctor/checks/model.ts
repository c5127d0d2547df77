import { GatewayError } from '../../../errors.ts';
import { Catalogue } from '../../../models/catalogue.ts';
import { factsOf } from '../../../models/facts.ts';
import { resolveModel } from '../../../models/resolve.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';

/** Names that guides and clients use (seeds: `k25`, `kimi`); the owner’s own are looked at as well. */
const USUAL = ['k25', 'kimi'];

export const model: DoctorCheck = {
  id: 'model',
  group: 'accounts',
  title: { en: 'Looked what each model name stands for', zh: '检查各模型名称对应的模型' },
  async run(examination) {
    const { config, options } = examination;
    const catalogue = await catalogueOf(examination);
    const served = examination.surfaces.filter(({ id }) =>
      examination.credentials.some(({ surface }) => surface === id),
    );
    const surfaces = config.routes.default.flatMap((id) => served.find((surface) => surface.id === id) ?? []);
    if (surfaces.length === 0) return [];
    const names = { surfaces, aliases: config.aliases, catalogue };
    const asked = options.model === undefined ? usual(examination) : [options.model];
    return asked.map((name): Finding => {
      try {
        const { model: serving, because, targets } = resolveModel(name, names);
        const where = targets.map(({ surface }) => surface).join(', ');
        const seen: Phrase = {
          en: `${whyOf(name, because)}${serving} on ${where}`,
          zh: `${whyOf(name, because, 'zh')}${serving}（${where}）`,
        };
        const isUnknown =
          factsOf(serving) === undefined &&
          targets.every((target) => !catalogue.list(target.surface)?.has(target.model));
        if (!isUnknown || targets.some(({ model: sent }) => sent !== serving)) return ok(seen, { about: name });
        return warning(seen, {
          about: name,
          advice: { en: 'Nobody knows this name; it is sent as it is.', zh: '没有人认识这个名称，将原样发送。' },
        });
      } catch (thrown) {
        const { code, message } = GatewayError.from(thrown);
        const missing = options.model === undefined ? warning : failed;
        return missing(message, { about: name, code, advice: CHOOSE });
      }
    });
  },
};

const CHOOSE: Phrase = {
  en: 'moongate models lists what can be used. If a model should be there: see the lines keys and credentials, and what the account may use.',
  zh: '用 moongate models 查看可用模型。若某模型本应存在：请看 keys 与 credentials 两行，以及账号的权限。',
};

function usual({ config, surfaces }: Examination): readonly string[] {
  const own = [config.models.default, ...Object.keys(config.aliases)].filter((name) => name !== undefined);
  if (own.length > 0) return [...new Set(own)];
  // The coding subscription has `kimi`, the platform `k25`.
  return USUAL.filter((name) =>
    surfaces.some(({ kind }) => (kind === 'coding') === (name === 'kimi') && kind !== 'web' && kind !== 'compatible'),
  );
}

async function catalogueOf(examination: Examination): Promise<Catalogue> {
  const catalogue = new Catalogue();
  await Promise.all(
    (await examination.places()).map(async ({ surface, credentials: [credential] }) => {
      const list = credential && (await examination.models(surface, credential).catch(() => undefined));
      if (list) catalogue.update(surface.id, list);
    }),
  );
  return catalogue;
}

function whyOf(name: string, because: string, language: 'en' | 'zh' = 'en'): string {
  if (because === 'asked') return language === 'en' ? 'served as ' : '由 ';
  if (because !== 'retired') return language === 'en' ? 'another name: served by ' : '别名：由以下模型服务：';
  const on = factsOf(name)?.retired?.on;
  const since = on === undefined ? '' : language === 'en' ? ` since ${on}` : `（${on}）`;
  return language === 'en' ? `retired${since}: served by ` : `已下线${since}：由以下模型服务：`;
}
