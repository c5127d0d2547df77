import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/index.ts';
import type { Secret } from '../../config/secret.ts';
import { buildSurfaces } from '../../runtime/surfaces.ts';
import { decideSurface } from '../../runtime/undecided-keys.ts';
import { Sessions } from '../../upstreams/kimi-web/session.ts';

/** Asks both hosts of the platform which one knows the key; undefined if neither does, or neither can be reached. */
export async function surfaceOfKey(secret: Secret, config: Config): Promise<string | undefined> {
  const set = buildSurfaces(config, new Sessions());
  try {
    const decision = await decideSurface(secret, 1, set.surfaces, systemClock, new AbortController().signal);
    return 'credential' in decision ? decision.credential.surface : undefined;
  } finally {
    await set.close();
  }
}
