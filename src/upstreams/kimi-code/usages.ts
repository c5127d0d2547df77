import { GatewayError } from '../../errors.ts';
import { askAboutAccount } from '../account-call.ts';
import type { Place } from '../adapter.ts';
import type { QuotaReading } from '../quota.ts';
import { versioned } from './versioned.ts';

export interface Quota {
  readonly used: number;
  readonly limit: number;
  /** Milliseconds since the epoch; undefined where the vendor says nothing. */
  readonly resetsAt: number | undefined;
}

export interface Usages {
  readonly weekly: Quota | undefined;
  /** The rolling windows; there is one, of 300 minutes. */
  readonly windows: readonly (Quota & { readonly minutes: number | undefined })[];
  readonly membership: string | undefined;
}

const LIMIT = 256 * 1024;

/** What a subscription has left (MoonshotAI/kimi-code managed-usage.ts; steipete/CodexBar docs/kimi.md). Numbers arrive as strings. */
export async function usages(place: Place): Promise<Usages> {
  return readUsages(await read(place, '/usages'));
}

/** The same, as every surface tells it. */
export async function codingQuota(place: Place): Promise<QuotaReading> {
  const seen = await usages(place);
  const { weekly, windows, membership } = seen;
  return {
    windows: [
      ...(weekly ? [{ name: 'weekly', ...weekly }] : []),
      ...windows.map(({ minutes, used, limit, resetsAt }) => ({ name: nameOf(minutes), used, limit, resetsAt })),
    ],
    membership,
    spentUntil: restsUntil(seen),
  };
}

function nameOf(minutes: number | undefined): string {
  if (minutes === undefined) return 'window';
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}min`;
}

/** Who the subscription belongs to: `user_id` of `GET /me` (MoonshotAI/kimi-code managed-userinfo.ts). */
export async function codingIdentity(place: Place): Promise<string | undefined> {
  return textOf((await read(place, '/me'))['user_id']);
}

async function read(place: Place, path: string): Promise<Members> {
  const surface = versioned(place.surface);
  return parse(await askAboutAccount({ ...place, surface }, path, LIMIT), surface.id);
}

/** When the credential may be used again: the latest reset of a quota that is used up. Undefined: none is. */
export function restsUntil({ weekly, windows }: Usages): number | undefined {
  const spent = [weekly, ...windows].flatMap((quota) =>
    quota && quota.limit > 0 && quota.used >= quota.limit && quota.resetsAt !== undefined ? [quota.resetsAt] : [],
  );
  return spent.length === 0 ? undefined : Math.max(...spent);
}

function readUsages(body: Members): Usages {
  const limits: readonly unknown[] = Array.isArray(body['limits']) ? body['limits'] : [];
  return {
    weekly: quotaOf(body['usage']),
    windows: limits.flatMap((entry) => {
      const quota = quotaOf(membersOf(entry)['detail']);
      return quota ? [{ ...quota, minutes: minutesOf(membersOf(entry)['window']) }] : [];
    }),
    membership: textOf(membersOf(membersOf(body['user'])['membership'])['level']),
  };
}

function quotaOf(detail: unknown): Quota | undefined {
  const { used, limit, remaining, resetTime } = membersOf(detail);
  const most = numberOf(limit);
  if (most === undefined) return undefined;
  const left = numberOf(remaining);
  const reset = typeof resetTime === 'string' ? Date.parse(resetTime) : Number.NaN;
  return {
    used: numberOf(used) ?? (left === undefined ? 0 : most - left),
    limit: most,
    resetsAt: Number.isNaN(reset) ? undefined : reset,
  };
}

const MINUTES: Readonly<Record<string, number>> = { TIME_UNIT_MINUTE: 1, TIME_UNIT_HOUR: 60, TIME_UNIT_DAY: 1440 };

function minutesOf(window: unknown): number | undefined {
  const { duration, timeUnit } = membersOf(window);
  const unit = MINUTES[String(timeUnit)];
  const length = numberOf(duration);
  return unit === undefined || length === undefined ? undefined : unit * length;
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(body: Buffer, surface: string): Members {
  try {
    return membersOf(JSON.parse(body.toString()));
  } catch (cause) {
    throw new GatewayError('upstream_garbled', { surface, message: 'The answer is not JSON.', cause });
  }
}
