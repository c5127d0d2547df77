import type { Secret } from '../../config/secret.ts';

/** A surface with the credential that its owner gave. */
export interface NewCredential {
  readonly surface: SurfaceId;
  readonly secret: Secret;
}

export type SurfaceId = keyof typeof VARIABLES;

/** Under which names credentials stand in .env. */
export const VARIABLES = {
  'kimi-code': 'KIMI_API_KEY',
  'moonshot-cn': 'MOONSHOT_API_KEY_CN',
  'moonshot-ai': 'MOONSHOT_API_KEY_AI',
  'kimi-web': 'KIMI_TOKENS',
} as const;

export const isSurfaceId = (text: string): text is SurfaceId => Object.hasOwn(VARIABLES, text);

/** All that `moongate init` needs to know, by questions or by flags. */
export interface Answers {
  readonly credentials: readonly NewCredential[];
  /** `127.0.0.1:8000`; undefined: as it is. */
  readonly listen: string | undefined;
  /** A key for clients, where others can reach the gateway. */
  readonly clientKey: Secret | undefined;
}
