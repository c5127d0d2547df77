import { type Config, loadConfig } from '../../config/index.ts';
import type { CredentialInfo } from '../../index.ts';
import { failureOf } from '../chat/refusal.ts';
import { textOption } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import { addressOf, healthAt } from '../gateway-health.ts';
import { QuotaFile } from './quota-file.ts';

export interface QuotaAnswer {
  /** `gateway` that runs, or the `surfaces` themselves, or what they said within the last `minute`. */
  readonly from: 'gateway' | 'surfaces' | 'minute';
  readonly credentials: readonly CredentialInfo[];
}

/** Times three seconds. */
const ROUNDS = 3;

const isMissing = ({ quota, surface }: CredentialInfo, { surfaces }: Config): boolean =>
  quota === null && ['moonshot', 'kimi-code'].includes(surfaces[surface]?.type ?? '');

type Values = Readonly<Record<string, unknown>>;

/** No account is asked more often than once a minute: a gateway that runs keeps to that itself, and a file does where none runs. */
export async function readQuotas(values: Values): Promise<QuotaAnswer> {
  if (textOption(values, 'url') !== undefined) return { from: 'gateway', credentials: await fromGateway(values) };
  const { config } = loadConfig({
    file: textOption(values, 'config'),
    flags: { data: values['data'] },
  });
  if ((await healthAt(addressOf(config))) !== undefined) {
    return { from: 'gateway', credentials: await fromGateway(values) };
  }
  const file = new QuotaFile(config);
  const kept = file.read();
  if (kept !== undefined) return { from: 'minute', credentials: kept };
  const { Gateway } = await import('../../gateway.ts');
  const gateway = new Gateway({ config });
  try {
    await gateway.started;
    let credentials = await gateway.credentials.list();
    // A list waits for quotas a little; a slow surface is waited for as long as reading one may take.
    for (let round = 0; round < ROUNDS && credentials.some((info) => isMissing(info, config)); round++) {
      credentials = await gateway.credentials.list();
    }
    file.write(credentials);
    return { from: 'surfaces', credentials };
  } finally {
    await gateway.close();
  }
}

async function fromGateway(values: Values): Promise<readonly CredentialInfo[]> {
  const endpoint = await openEndpoint(values);
  try {
    const key = textOption(values, 'adminKey') ?? endpoint.config?.admin_key?.reveal();
    const headers: Record<string, string> = key === undefined ? {} : { 'x-admin-key': key };
    const response = await endpoint.call('/admin/credentials', { headers });
    if (!response.ok) throw await failureOf(response);
    return ((await response.json()) as { data: readonly CredentialInfo[] }).data;
  } finally {
    await endpoint.close();
  }
}
