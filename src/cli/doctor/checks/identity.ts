import { VERSION } from '../../../version.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';

const OWN = `moongate/${VERSION}`;

export const identity: DoctorCheck = {
  id: 'identity',
  group: 'here',
  title: { en: 'Looked under which name each surface is called', zh: '检查以何种客户端身份调用各接入面' },
  async run({ surfaces, credentials }: Examination) {
    return surfaces.flatMap((surface): readonly Finding[] => {
      const { id, kind, headers, kimiCode } = surface;
      const own = credentials.filter((credential) => credential.surface === id);
      const named = headers['user-agent'] ?? own.map((credential) => credential.headers['user-agent']).find(Boolean);
      if (kind === 'coding' && named?.startsWith('Anthropic')) return [mistaken(id, named)];
      const version = own.map((credential) => credential.userAgentVersion).find(Boolean) ?? kimiCode?.userAgentVersion;
      if (kind === 'coding' && version !== undefined) return [borrowed(id, version)];
      if (named !== undefined)
        return [ok({ en: `as ${named} (\`headers\`)`, zh: `以 ${named}（\`headers\`）` }, { about: id })];
      if (kind === 'coding') return [ofFace(id, kimiCode?.face ?? 'auto')];
      return [ok({ en: `as ${OWN}`, zh: `以 ${OWN}` }, { about: id })];
    });
  },
};

function ofFace(about: string, face: 'auto' | 'openai' | 'anthropic'): Finding {
  if (face === 'openai') {
    return warning(
      {
        en: `as ${OWN} on the OpenAI face, which admits only agents that the vendor knows`,
        zh: `以 ${OWN} 使用 OpenAI 协议面，而它只放行厂商认可的客户端`,
      },
      { about, advice: KEEP_AUTO },
    );
  }
  return ok(
    face === 'auto'
      ? {
          en: `agents that the vendor knows under their own name, everybody else as ${OWN} on the Anthropic face, which admits all`,
          zh: `厂商认可的客户端用其本名，其余以 ${OWN} 走对所有人开放的 Anthropic 协议面`,
        }
      : { en: `as ${OWN} on the Anthropic face, which admits all`, zh: `以 ${OWN} 走对所有人开放的 Anthropic 协议面` },
    { about },
  );
}

function borrowed(about: string, version: string): Finding {
  return warning(
    {
      en: `as KimiCLI/${version} on the OpenAI face, by your own choice: the vendor’s guidelines forbid it, and an account was terminated for it`,
      zh: `按您的选择以 KimiCLI/${version} 使用 OpenAI 协议面：厂商准则禁止这样做，曾有账号因此被终止`,
    },
    {
      about,
      advice: {
        en: 'Leave `user_agent_version` out: the Anthropic face needs no approval. `moongate doctor --user-agents` tries it.',
        zh: '请去掉 `user_agent_version`：Anthropic 协议面无需审批。可用 `moongate doctor --user-agents` 试验。',
      },
    },
  );
}

/** gsd-2 #4640: such a name is told that the engine is busy, for ever. */
function mistaken(about: string, named: string): Finding {
  return warning(
    {
      en: `as ${named}: names that begin with Anthropic were answered with 429 “overloaded” for ever`,
      zh: `以 ${named}：以 Anthropic 开头的名称曾一直得到 429 “overloaded”`,
    },
    { about, advice: { en: 'Take the user-agent out of `headers`.', zh: '请从 `headers` 中去掉 user-agent。' } },
  );
}

const KEEP_AUTO: Phrase = {
  en: 'Set `face: auto`, the default; or find out what is let in: moongate doctor --user-agents',
  zh: '请使用默认的 `face: auto`；或检查哪种方式被放行：moongate doctor --user-agents',
};
