import { webRegionProblem, webSecretProblem } from '../tokens/web-secret.ts';
import type { Secret } from './secret.ts';
import type { SurfaceType } from './surface-kinds.ts';

/** Where a credential is put. */
export interface CredentialPlace {
  readonly id: string;
  readonly type: SurfaceType;
  readonly base_url?: string | undefined;
}

interface Placed {
  readonly secret: Secret;
  readonly refresh_token?: Secret | undefined;
  readonly user_agent_version?: string | undefined;
}

/** A key of one product is a bare 401 at the other; its form tells them apart before anybody waits for that. */
export function checkPlace(placed: Placed, place: CredentialPlace, report: (message: string) => void): void {
  const { secret, user_agent_version } = placed;
  const value = secret.reveal();
  const isCode = value.startsWith('sk-kimi-');
  if (place.type === 'moonshot' && isCode) {
    report(
      `holds a Kimi Code key (${secret} begins with sk-kimi-); put it into KIMI_API_KEY or surfaces.kimi-code.credentials`,
    );
  }
  if (place.type === 'kimi-code' && !isCode && value.startsWith('sk-')) {
    report(
      `holds a key of the Moonshot platform (${secret} does not begin with sk-kimi-); put it into MOONSHOT_API_KEY or surfaces.moonshot-cn.credentials (moonshot-ai for platform.kimi.ai)`,
    );
  }
  if (place.type === 'kimi-web') checkWeb(placed, place, report);
  if (user_agent_version !== undefined && place.type !== 'kimi-code') {
    report('has a `user_agent_version`, which only kimi-code knows; leave it out');
  }
}

function checkWeb(
  { secret, refresh_token: refresh }: Placed,
  { base_url }: CredentialPlace,
  report: (message: string) => void,
) {
  for (const one of refresh === undefined ? [secret] : [secret, refresh]) {
    const value = one.reveal();
    if (value.startsWith('sk-')) {
      report(
        `holds an API key (${one}), not a token of the web chat; put it into ${value.startsWith('sk-kimi-') ? 'KIMI_API_KEY' : 'MOONSHOT_API_KEY'}`,
      );
      continue;
    }
    const problem = webSecretProblem(value) ?? (base_url === undefined ? undefined : webRegionProblem(value, base_url));
    if (problem !== undefined) report(`holds what the web chat does not take (${one}). ${problem}`);
  }
}
