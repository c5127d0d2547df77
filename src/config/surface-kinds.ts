/** What the gateway knows of the surfaces before anybody configures one. */
export const SURFACE_TYPES = ['moonshot', 'kimi-code', 'kimi-web', 'compatible'] as const;

export type SurfaceType = (typeof SURFACE_TYPES)[number];

/** `cn` is the mainland account system, `global` the other one; their credentials are not interchangeable. */
export const REGIONS = ['cn', 'global'] as const;

export type Region = (typeof REGIONS)[number];

/** What an owner reads, in the languages in which the command line speaks. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface KnownSurface {
  readonly id: string;
  readonly type: SurfaceType;
  readonly region: Region;
  readonly title: Bilingual;
  /** Variables that hold its credentials; the first that is set counts. */
  readonly variables: readonly string[];
  /** Where an owner gets a credential. */
  readonly console: string;
}

export const KNOWN_SURFACES = [
  {
    id: 'kimi-code',
    type: 'kimi-code',
    region: 'cn',
    title: { en: 'Kimi Code, the coding subscription', zh: 'Kimi Code 编码订阅' },
    variables: ['KIMI_API_KEY', 'KIMICODE_API_KEY'],
    console: 'https://www.kimi.com/code/console',
  },
  {
    id: 'moonshot-cn',
    type: 'moonshot',
    region: 'cn',
    title: { en: 'Moonshot open platform, mainland accounts', zh: 'Moonshot 开放平台（国内账号）' },
    variables: ['MOONSHOT_API_KEY_CN'],
    console: 'https://platform.kimi.com',
  },
  {
    id: 'moonshot-ai',
    type: 'moonshot',
    region: 'global',
    title: { en: 'Moonshot open platform, global accounts', zh: 'Moonshot 开放平台（国际账号）' },
    variables: ['MOONSHOT_API_KEY_AI'],
    console: 'https://platform.kimi.ai',
  },
  {
    id: 'kimi-web',
    type: 'kimi-web',
    region: 'cn',
    title: { en: 'Kimi web chat, with your own token', zh: 'Kimi 网页版（使用您自己的令牌）' },
    variables: ['KIMI_TOKENS'],
    console: 'https://www.kimi.com',
  },
] as const satisfies readonly KnownSurface[];

export const knownSurface = (id: string): KnownSurface | undefined => KNOWN_SURFACES.find((known) => known.id === id);

/** Default base addresses; a compatible surface has none. */
export const BASE_URLS: Readonly<Record<SurfaceType, Readonly<Record<Region, string>> | undefined>> = {
  moonshot: { cn: 'https://api.moonshot.cn/v1', global: 'https://api.moonshot.ai/v1' },
  'kimi-code': { cn: 'https://api.kimi.com/coding', global: 'https://api.kimi.ai/coding' },
  'kimi-web': { cn: 'https://www.kimi.com', global: 'https://www.kimi.ai' },
  compatible: undefined,
};

/** Where the web surface refreshes its tokens; it is another host than the chat itself. */
export const AUTH_URLS: Readonly<Record<Region, string>> = {
  cn: 'https://auth.kimi.com',
  global: 'https://auth.kimi.ai',
};
