import { GatewayError } from '../errors.ts';
import { askAboutAccount } from './account-call.ts';
import type { Place } from './adapter.ts';
import type { QuotaReading } from './quota.ts';

const LIMIT = 64 * 1024;

/**
 * `GET /users/me/balance` of the open platform (its openapi.json): with `available_balance` at or below zero inference is
 * refused. CNY on the mainland host, USD on the other.
 */
export async function platformBalance(place: Place): Promise<QuotaReading> {
  const { surface } = place;
  const body = await askAboutAccount(place, '/users/me/balance', LIMIT);
  const available = numberAt(body, 'available_balance');
  if (available === undefined) {
    throw new GatewayError('upstream_garbled', { surface: surface.id, message: 'The balance is not a number.' });
  }
  return {
    windows: [],
    balance: {
      available,
      voucher: numberAt(body, 'voucher_balance'),
      cash: numberAt(body, 'cash_balance'),
      currency: surface.region === 'global' ? 'USD' : 'CNY',
    },
    spentUntil: available <= 0 ? Number.POSITIVE_INFINITY : undefined,
  };
}

function numberAt(body: Buffer, member: string): number | undefined {
  try {
    const { data } = JSON.parse(body.toString()) as { data?: Record<string, unknown> };
    const value = data?.[member];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
