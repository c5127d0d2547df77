import { GatewayError } from '../../../errors.ts';
import { Catalogue } from '../../../models/catalogue.ts';
import { factsOf } from '../../../models/facts.ts';
import { resolveModel } from '../../../models/resolve.ts';
import { inChinese } from '../../error-words.ts';
import type { Bilingual, Phrase } from '../../language.ts';
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
    const names = { surfaces, aliases: config.aliases, tiers: config.model_tiers, catalogue };
    const asked = options.model === undefined ? usual(examination) : [options.model];
    return asked.map((name): Finding => {
      try {
        const { model: serving, because, targets } = resolveModel(name, names);
        const where = targets.map(({ surface }) => surface).join(', ');
        const why = whyOf(name, because);
        const seen: Phrase = { en: `${why.en}${serving} on ${where}`, zh: `${why.zh}${serving}（${where}）` };
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
        return missing({ en: message, zh: inChinese(code, message) }, { about: name, code, advice: CHOOSE });
      }
    });
  },
};

const CHOOSE: Phrase = {
  en: 'moongate models lists what can be used. If a model should be there: see the lines keys and credentials, and what the account may use.',
  zh: '用 moongate models 查看可用模型。若某模型本应存在：请看 keys 与 credentials 两行，以及账号的权限。',
};

function usual({ config, surfaces }: Examination): readonly string[] {
  // A pattern is no name.
  const aliases = Object.keys(config.aliases).filter((name) => !name.includes('*'));
  const own = [config.models.default, ...aliases].filter((name) => name !== undefined);
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

function whyOf(name: string, because: string): Bilingual {
  if (because.startsWith('tier:')) {
    return { en: 'a name of another vendor: served by ', zh: '其他厂商的名称：由以下模型服务：' };
  }
  if (because.startsWith('pattern:')) {
    return { en: 'a pattern of the configuration: served by ', zh: '符合配置中的模式：由以下模型服务：' };
  }
  if (because === 'alias') return { en: 'another name: served by ', zh: '别名：由以下模型服务：' };
  if (because !== 'retired') return { en: 'served as ', zh: '提供的模型：' };
  const on = factsOf(name)?.retired?.on;
  return on === undefined
    ? { en: 'retired: served by ', zh: '已下线：由以下模型服务：' }
    : { en: `retired since ${on}: served by `, zh: `已下线（${on}）：由以下模型服务：` };
}
