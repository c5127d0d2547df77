import { createHash } from 'node:crypto';
import { isKimiApi } from '../kimi-surface.ts';
import { type Rule, without } from '../rule.ts';

export const userIdentifier: Rule = {
  id: 'user-identifier',
  title: { en: 'user is called safety_identifier', zh: 'user 改为 safety_identifier' },
  why: "OpenAI's `user` is not in Kimi's schema; the platform knows `safety_identifier`, which is to be a hash. The coding surface documents neither, there it is left out.",
  source: 'platform openapi.json (K2.6 copy)',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['user', 'safety_identifier'],
    trigger: { members: ['user'] },
    apply(request, { situation, note }) {
      const { user, safety_identifier: present } = request;
      const rest = without(request, ['user']);
      if (rest === request) return request;
      if (situation.surface !== 'platform' || typeof user !== 'string' || user === '' || present !== undefined) {
        note('user left out');
        return rest;
      }
      note('user sent hashed as safety_identifier');
      return { ...rest, safety_identifier: createHash('sha256').update(user).digest('hex') };
    },
  },
};
