import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { collect } from '../stream/byte-source.ts';
import { Sessions } from '../upstreams/kimi-web/session.ts';
import { buildSurfaces } from './surfaces.ts';

/** A way to call the coding subscription: honestly, or as the version that the operator names. */
export interface FaceTrial {
  readonly face: 'openai' | 'anthropic';
  readonly version?: string | undefined;
}

const MODEL = 'kimi-for-coding';
const TIMEOUT_MS = 30_000;
const LIMIT = 1024 * 1024;

/** Asks one small question in each way, one after the other; undefined: it was answered. */
export async function tryFaces(
  config: Config,
  trials: readonly FaceTrial[],
  clock: Clock,
): Promise<readonly (GatewayError | undefined)[]> {
  const set = buildSurfaces(config, new Sessions());
  const surface = [...set.surfaces.values()].find(({ kind }) => kind === 'coding');
  const credential = set.credentials.find((one) => one.surface === surface?.id);
  try {
    if (!surface || !credential) {
      throw new GatewayError('no_credentials', { message: 'There is no credential of Kimi Code (KIMI_API_KEY).' });
    }
    const timeouts = { firstByteMs: TIMEOUT_MS, idleMs: TIMEOUT_MS, totalMs: TIMEOUT_MS };
    const question = { model: MODEL, max_tokens: 16, messages: [{ role: 'user', content: 'Say ok.' }] };
    const outcomes: (GatewayError | undefined)[] = [];
    for (const { face, version: userAgentVersion } of trials) {
      const kimiCode = { region: surface.kimiCode?.region ?? 'cn', face, userAgentVersion } as const;
      const call = surface.adapter.sendChat({
        surface: { ...surface, timeouts, kimiCode },
        credential: { ...credential, userAgentVersion: undefined },
        clock,
        signal: new AbortController().signal,
        body: Buffer.from(JSON.stringify(question)),
        stream: false,
      });
      outcomes.push(
        await call
          .then(({ body }) => collect(body, LIMIT, () => new GatewayError('upstream_too_long')))
          .then(() => undefined, GatewayError.from),
      );
    }
    return outcomes;
  } finally {
    await set.close();
  }
}
