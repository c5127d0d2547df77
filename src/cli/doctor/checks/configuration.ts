import { configNotices } from '../../../config/index.ts';
import { describeFailure } from '../../describe-failure.ts';
import type { Language } from '../../language.ts';
import { type DoctorCheck, failed, ok, warning } from '../doctor-check.ts';

export const configuration: DoctorCheck = {
  id: 'configuration',
  group: 'here',
  title: { en: 'Read the configuration', zh: '读取配置' },
  needsNothing: true,
  async run({ loaded, problem }) {
    if (loaded === undefined) {
      const advice = {
        en: 'Mend what is named, then look again: moongate config check',
        zh: '请修正上述问题，然后再检查：moongate config check',
      };
      const said = (language: Language) => describeFailure(problem, language).why;
      return [failed({ en: said('en'), zh: said('zh') }, { advice, code: 'config_invalid' })];
    }
    const { config, file, warnings } = loaded;
    const on = Object.values(config.surfaces).filter(({ enabled, credentials }) => enabled && credentials.length > 0);
    const count = on.reduce((sum, { credentials }) => sum + credentials.length, config.undecided.length);
    const names = on.map(({ id }) => id).join(', ');
    const seen = {
      en: `valid; surfaces with credentials: ${names || 'none'}; credentials: ${count}`,
      zh: `有效；有凭据的接入面：${names || '无'}；凭据数：${count}`,
    };
    const about = file ?? 'environment';
    return [ok(seen, { about }), ...[...warnings, ...configNotices(config)].map((text) => warning(text))];
  },
};
