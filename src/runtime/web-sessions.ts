import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Log } from '../log.ts';
import { Sessions } from '../upstreams/kimi-web/session.ts';
import { WebTokenFile } from './web-token-file.ts';

/** The logins of the web chat; renewed tokens are kept in the data folder. */
export function webSessions(config: Config, log: Log): Sessions {
  const file = new WebTokenFile(join(config.data, 'web-tokens.json'), log);
  // Sessions go by the id of a credential; the file by its secret, which the id only hints at.
  const secrets = new Map<string, string>(
    Object.values(config.surfaces).flatMap(({ credentials }) =>
      credentials.map(({ name, secret }) => [`${name} ${secret}`, secret.reveal()] as const),
    ),
  );
  return new Sessions({
    onRotated: (id, tokens) => file.write(secrets.get(id) ?? id, tokens),
    recall: (id) => file.recall(secrets.get(id) ?? id),
  });
}
