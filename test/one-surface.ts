import { CODE_KEY } from './protocols/messages-rig.ts';
import { CN_KEY, type Rig, startRig } from './setup.ts';

/** A gateway with the platform or Kimi Code alone, so that nobody else answers what that one refuses. */
export function startOneSurface(surface: 'moonshot-cn' | 'kimi-code'): Promise<Rig> {
  return startRig({
    simulator: {
      accounts: [
        { keys: CODE_KEY, host: 'code' },
        { keys: CN_KEY, host: 'cn' },
      ],
    },
    config: ({ codeBaseUrl, cnBaseUrl }) => ({
      surfaces: {
        [surface]:
          surface === 'kimi-code'
            ? { base_url: codeBaseUrl, credentials: [{ key: CODE_KEY }] }
            : { base_url: cnBaseUrl, credentials: [{ key: CN_KEY }] },
      },
      routes: { default: [surface] },
      retries: { attempts: 1 },
    }),
    secrets: [CODE_KEY],
  });
}
