import { CHAT_REFERENCE, type Check } from '../check.ts';
import { member, textMember } from '../code/tools.ts';
import { replaceText } from '../edit.ts';

export const developerRole: Check = {
  id: 'developer-role',
  level: 'error',
  title: { en: 'The role `developer`', zh: 'developer 角色' },
  why: {
    en: 'Kimi knows system, user, assistant and tool; `developer` is a 400.',
    zh: 'Kimi 只有 system、user、assistant 与 tool；developer 返回 400。',
  },
  link: CHAT_REFERENCE,
  gateway: { en: 'sends it as `system` (developer-role)', zh: '改为 system 发送（developer-role）' },
  remains: { en: 'write `system`', zh: '改写为 system' },
  fix: { en: '`system`', zh: 'system' },
  *find({ program, file, requests }) {
    if (requests.length === 0) return;
    for (const record of program.records) {
      const role = member(record, 'role')?.value;
      if (role?.kind !== 'text' || textMember(record, 'role') !== 'developer' || !member(record, 'content')) continue;
      const edits = replaceText(file, role, 'system');
      yield { from: role.from, to: role.to, ...(edits ? { edits } : {}) };
    }
  },
};
