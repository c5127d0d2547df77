import { type Config, loadConfig } from '../../config/index.ts';
import { textOption } from '../command.ts';
import { baseOf } from '../endpoint.ts';
import { addressOf } from '../gateway-health.ts';
import type { Client, Gateway } from './client.ts';

type Values = Readonly<Record<string, unknown>>;

/** What clients send where the gateway wants no key: they all want to send one. */
const ANY_KEY = 'moongate';

export interface GatewayFacts extends Omit<Gateway, 'model'> {
  /** The key comes from moongate.yaml, so it is not printed. */
  readonly hasOwnKey: boolean;
}

/** The gateway that a client is to be pointed at: by --url and --key, else the one that is configured here. */
export function gatewayFacts(values: Values): GatewayFacts {
  const url = textOption(values, 'url');
  const config = configHere(values, url !== undefined);
  const origin = url === undefined ? addressOf(config ?? DEFAULTS) : baseOf(url);
  const isHere = config !== undefined && origin === addressOf(config);
  const given = textOption(values, 'key');
  const own = isHere ? config.keys[0]?.key.reveal() : undefined;
  const key = given ?? own ?? ANY_KEY;
  return {
    origin,
    base: `${origin}/v1`,
    key,
    needsKey: given !== undefined || own !== undefined,
    hasOwnKey: given === undefined && own !== undefined,
    serves: isHere ? served(config) : { platform: true, coding: true },
  };
}

/** What one client is told. */
export function gatewayFor(
  client: Client,
  { hasOwnKey: _own, ...facts }: GatewayFacts,
  model: string | undefined,
): Gateway {
  const usual = typeof client.model === 'string' ? client.model : client.model(facts);
  return { ...facts, model: model ?? usual };
}

const DEFAULTS = { listen: { host: '127.0.0.1', port: 8000 } };

/** For a gateway elsewhere a broken configuration here is no obstacle. */
function configHere(values: Values, isElsewhere: boolean): Config | undefined {
  try {
    return loadConfig({ file: textOption(values, 'config') }).config;
  } catch (thrown) {
    if (!isElsewhere || values['config'] !== undefined) throw thrown;
    return undefined;
  }
}

/** Without any credential nothing is known yet: then nothing is said to be missing either. */
function served({ surfaces, undecided }: Config): Gateway['serves'] {
  const has = (type: string) =>
    Object.values(surfaces).some(
      (surface) => surface.type === type && surface.enabled && surface.credentials.length > 0,
    );
  const platform = has('moonshot') || has('compatible') || undecided.length > 0;
  const coding = has('kimi-code');
  return platform || coding ? { platform, coding } : { platform: true, coding: true };
}
