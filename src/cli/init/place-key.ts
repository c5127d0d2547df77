import type { Config } from '../../config/index.ts';
import { UsageError } from '../command.ts';
import type { Phrase } from '../language.ts';
import { isSurfaceId, type NewCredential, type SurfaceId } from './answers.ts';
import type { PastedKey } from './pasted-key.ts';
import { surfaceOfKey } from './surface-of-key.ts';

export type GoodKey = Exclude<PastedKey, { readonly kind: 'problem' }>;

/** The surfaces to which a kind of key can belong. */
const HOMES: Readonly<Record<GoodKey['kind'], readonly SurfaceId[]>> = {
  coding: ['kimi-code'],
  platform: ['moonshot-cn', 'moonshot-ai'],
  web: ['kimi-web'],
};

export interface Placing {
  readonly config: Config;
  /** What --surface says. */
  readonly named: string | undefined;
  readonly tell: (words: Phrase) => void;
  /** Asks the owner where neither host knows a key; undefined leaves the key out. */
  readonly askHost: (key: GoodKey) => Promise<SurfaceId | undefined>;
}

/** Where a key belongs: by its form, by --surface, or by asking both hosts of the platform. */
export async function placeKey(key: GoodKey, placing: Placing): Promise<NewCredential | undefined> {
  const { tell, named } = placing;
  const homes = HOMES[key.kind];
  if (named !== undefined) return { surface: checkedSurface(named, homes), secret: key.secret };
  const [only, ...others] = homes;
  if (only !== undefined && others.length === 0) {
    for (const words of newsOf(key)) tell(words);
    return { surface: only, secret: key.secret };
  }
  tell({
    en: `A key of the open platform (${key.secret}); asking which of its two hosts knows it …`,
    zh: `开放平台的密钥（${key.secret}）；正在询问它属于哪个站点……`,
  });
  const found = await surfaceOfKey(key.secret, placing.config);
  if (found !== undefined && isSurfaceId(found)) {
    tell({ en: `It belongs to ${found}.`, zh: `它属于 ${found}。` });
    return { surface: found, secret: key.secret };
  }
  const chosen = await placing.askHost(key);
  return chosen === undefined ? undefined : { surface: chosen, secret: key.secret };
}

function newsOf(key: GoodKey): readonly Phrase[] {
  if (key.kind === 'coding')
    return [{ en: `A key of Kimi Code (${key.secret}).`, zh: `Kimi Code 的密钥（${key.secret}）。` }];
  if (key.kind !== 'web') return [];
  const short: Phrase = {
    en: 'It is an access token, which lives for 15 minutes only: paste the refresh token for more (docs/kimi-web.md).',
    zh: '这是 access token，只有 15 分钟有效：长期使用请粘贴 refresh token（见 docs/kimi-web.md）。',
  };
  return [
    { en: `A token of the web chat (${key.secret}).`, zh: `网页版的 token（${key.secret}）。` },
    ...(key.renews ? [] : [short]),
    {
      en: "The vendor's agreement does not allow scripted use of the web chat: it is for trying things out, production belongs on the official API.",
      zh: '厂商协议不允许脚本方式使用网页版：仅供试用，正式使用请走官方 API。',
    },
  ];
}

function checkedSurface(named: string, homes: readonly SurfaceId[]): SurfaceId {
  if (isSurfaceId(named) && homes.includes(named)) return named;
  throw new UsageError({
    en: `--surface ${named} does not fit this key; it can belong to ${homes.join(' or ')}.`,
    zh: `--surface ${named} 与该密钥不符；它只可能属于 ${homes.join(' 或 ')}。`,
  });
}

/** For runs without questions: a key that nobody knows is not written down silently. */
export function hostUnknown(key: GoodKey): UsageError {
  return new UsageError({
    en: `Neither host of the open platform took the key ${key.secret}, or neither can be reached. Name it with --surface moonshot-cn or moonshot-ai, or check the key.`,
    zh: `开放平台的两个站点都不接受密钥 ${key.secret}，或都无法连接。请用 --surface 指定 moonshot-cn 或 moonshot-ai，或检查密钥。`,
  });
}
