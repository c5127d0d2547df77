import type { Rule } from '../rule.ts';

export const developerRole: Rule = {
  id: 'developer-role',
  title: { en: 'The developer role is called system', zh: 'developer 角色改为 system' },
  why: "Newer OpenAI clients send `role: developer`; Kimi answers 400 (`role 'developer' is not allowed`).",
  source: 'earendil-works/pi PR 8109; openclaw/openclaw #8579; NOirBRight/CodexHub #169',
  seen: '2026-08-22',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  refusal: /role 'developer' is not allowed|ROLE_UNSPECIFIED/,
  request: {
    reads: ['messages'],
    trigger: { message: ({ role }) => role === 'developer' },
    apply(request, { note }) {
      const { messages } = request;
      if (!Array.isArray(messages)) return request;
      const count = messages.filter((message) => message?.role === 'developer').length;
      if (count === 0) return request;
      note(`${count} message${count > 1 ? 's' : ''} with role developer sent as system`);
      return {
        ...request,
        messages: messages.map((message) => (message?.role === 'developer' ? { ...message, role: 'system' } : message)),
      };
    },
  },
};
