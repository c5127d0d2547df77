import { readAgentVersion } from '../../config/index.ts';
import type { FaceTrial } from '../../runtime/face-trials.ts';
import type { Phrase } from '../language.ts';

/** How one trial ended; undefined: the face let it in. */
export interface TrialOutcome {
  readonly trial: FaceTrial;
  readonly refusal?: { readonly code: string; readonly message: string };
}

export const RISK: Phrase = {
  en: [
    'The OpenAI face of Kimi Code admits only coding agents that the vendor knows; its Anthropic face admits everybody.',
    'Calling under the name of another program is forbidden by the vendor’s community guidelines, and an account has been',
    'terminated for it (clacky-ai/openclacky #192). The versions that you name are tried that way, with your own account.',
    'Every trial is one small request that counts against its quota.',
  ].join('\n'),
  zh: [
    'Kimi Code 的 OpenAI 协议面只放行厂商认可的编码客户端，Anthropic 协议面则对所有人开放。',
    '以其他程序的名义调用违反厂商的社区准则，曾有账号因此被终止（clacky-ai/openclacky #192）。',
    '您指定的版本将以该方式、用您自己的账号尝试；每次尝试都是一个计入额度的小请求。',
  ].join('\n'),
};

/** The honest identity on each face, then what the operator named; nothing is taken from a list. */
export function plannedTrials(versions: readonly string[]): readonly FaceTrial[] {
  const named = versions.map((version) => ({ face: 'openai', version }) as const);
  return [{ face: 'anthropic' }, { face: 'openai' }, ...named];
}

/** `default, 1.6` → versions; undefined: one of them is none. */
export function readVersions(text: string): readonly string[] | undefined {
  const versions = text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map(readAgentVersion);
  return versions.every((version) => version !== undefined) ? [...new Set(versions)] : undefined;
}

export interface Verdict {
  /** What to write under `surfaces.kimi-code`; undefined: nothing helps. */
  readonly settings: Readonly<Record<string, string>> | undefined;
  readonly why: Phrase;
}

/** Which face and identity to configure: the honest way before any other. */
export function verdictOf(outcomes: readonly TrialOutcome[]): Verdict {
  const passed = (face: FaceTrial['face'], version?: string) =>
    outcomes.some(({ trial, refusal }) => !refusal && trial.face === face && trial.version === version);
  if (passed('anthropic')) {
    return {
      settings: { face: 'auto' },
      why: {
        en: 'The Anthropic face lets the gateway in under its own name: keep `face: auto`, the default. Nothing else is needed.',
        zh: 'Anthropic 协议面接受网关自己的名称：保持默认的 `face: auto` 即可。',
      },
    };
  }
  if (passed('openai')) {
    return {
      settings: { face: 'openai' },
      why: {
        en: 'The OpenAI face lets the gateway in under its own name: set `face: openai`.',
        zh: 'OpenAI 协议面接受网关自己的名称：请设置 `face: openai`。',
      },
    };
  }
  const version = outcomes.find(({ trial, refusal }) => !refusal && trial.version !== undefined)?.trial.version;
  if (version !== undefined) {
    return {
      settings: { face: 'openai', user_agent_version: version },
      why: {
        en: `Only KimiCLI/${version} was let in. Setting \`user_agent_version: "${version}"\` is your own choice and your own risk.`,
        zh: `只有 KimiCLI/${version} 被放行。是否设置 \`user_agent_version: "${version}"\` 由您自行决定并承担风险。`,
      },
    };
  }
  const isAboutClient = outcomes.every(({ refusal }) => refusal?.code === 'client_refused');
  return {
    settings: undefined,
    why: isAboutClient
      ? { en: 'No identity was let in.', zh: '没有任何身份被放行。' }
      : {
          en: 'It is not the identity: the refusals are about the credential, the quota or the service.',
          zh: '问题不在客户端身份：拒绝原因与凭据、额度或服务有关。',
        },
  };
}
