import { chunksOf } from '../chat-stream.ts';
import { at, shown } from '../json-at.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const streamRole: VerifyCheck = {
  id: 'stream-role',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'The role comes once, with the first piece', zh: '角色只在第一个片段中出现一次' },
  meaning: {
    en: 'Clients begin a new message at each role, or never show the first one.',
    zh: '客户端会在每次出现角色时新开一条消息，或不显示第一条。',
  },
  uses: ['stream'],
  async run(probe) {
    const deltas = chunksOf(await probe.shared('stream')).flatMap((chunk) => {
      const delta = at(chunk, 'choices', 0, 'delta');
      return delta === undefined ? [] : [delta];
    });
    const roles = deltas.map((delta) => at(delta, 'role')).filter((role) => role !== undefined && role !== null);
    const first = at(deltas[0], 'role');
    return verdictOf([
      ...(first === 'assistant'
        ? []
        : [{ en: `the first role is ${shown(first)}`, zh: `第一个 role 为 ${shown(first)}` }]),
      ...(roles.length <= 1
        ? []
        : [{ en: `${roles.length} chunks have a role`, zh: `${roles.length} 个分块带有 role` }]),
    ]);
  },
};
