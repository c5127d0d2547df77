import { CHAT_REFERENCE, type Check } from '../check.ts';

/** Rows of the rules foreign-members and user-identifier. */
const MEMBERS = [
  'seed',
  'logit_bias',
  'store',
  'metadata',
  'service_tier',
  'parallel_tool_calls',
  'modalities',
  'verbosity',
  'user',
];

export const foreignMembers: Check = {
  id: 'foreign-members',
  level: 'note',
  title: { en: 'A parameter that Kimi does not have', zh: 'Kimi 没有的参数' },
  why: {
    en: 'It is not in the schema; what it asks for does not happen.',
    zh: '接口中没有该参数；它要求的效果不会发生。',
  },
  link: CHAT_REFERENCE,
  gateway: {
    en: 'leaves it out; `user` becomes a hashed `safety_identifier` (foreign-members, user-identifier)',
    zh: '省略；user 转为哈希后的 safety_identifier（foreign-members、user-identifier）',
  },
  remains: { en: 'do not count on it', zh: '不要依赖它' },
  *find({ requests }) {
    for (const { options, form } of requests) {
      // The constructors of other libraries and the Responses face use some of these words for things of their own.
      if (form === 'library' || form === 'responses') continue;
      for (const name of MEMBERS) {
        const option = options.get(name);
        if (option !== undefined) yield { from: option.from, to: option.to, what: `\`${name}\`` };
      }
    }
  },
};
