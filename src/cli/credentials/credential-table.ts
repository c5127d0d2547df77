import type { CredentialInfo } from '../../index.ts';
import { headings } from '../columns.ts';
import { type Language, type Phrase, phrase } from '../language.ts';
import { table } from '../table.ts';

const STATES: Readonly<Record<CredentialInfo['state'], Phrase>> = {
  ready: { en: 'ready', zh: '可用' },
  full: { en: 'full', zh: '已满' },
  resting: { en: 'rests', zh: '休息' },
  stopped: { en: 'stopped', zh: '停用待处理' },
  disabled: { en: 'disabled', zh: '已停用' },
};

/** One line for each credential: what it is, whether it serves, and what is left. */
export function credentialTable(all: readonly CredentialInfo[], now: number, language: Language): string {
  if (all.length === 0) return `${phrase({ en: 'There is no credential.', zh: '没有凭据。' }, language)}\n`;
  return table(
    headings(['CREDENTIAL', 'SURFACE', 'ACCOUNT', 'STATE', 'BUSY', 'SERVED', 'FAILED', 'QUOTA'], language),
    all.map((info) => [
      info.id,
      info.surface,
      info.identity ?? (info.account === info.id ? '' : info.account),
      stateOf(info, now, language),
      String(info.in_flight),
      String(info.served),
      String(info.failed),
      quotaOf(info, now),
    ]),
  );
}

function stateOf({ state, rest, models }: CredentialInfo, now: number, language: Language): string {
  const word = phrase(STATES[state], language);
  if (rest && state !== 'disabled') {
    const end = state === 'stopped' ? '' : ` ${spanOf((rest.resets_at ?? rest.until) - now)}`;
    return `${word}${end} (${rest.because})`;
  }
  const missing = Object.keys(models);
  return missing.length === 0 ? word : `${word}, ${phrase({ en: 'not', zh: '除' }, language)} ${missing.join(', ')}`;
}

function quotaOf({ quota }: CredentialInfo, now: number): string {
  if (!quota) return '';
  const windows = quota.windows.map(({ name, used, limit, resets_at: resetsAt }) => {
    const reset = resetsAt === null ? '' : ` (${spanOf(resetsAt - now)})`;
    return `${name} ${used}/${limit}${reset}`;
  });
  const { balance } = quota;
  return [...windows, ...(balance ? [`${balance.available} ${balance.currency}`] : [])].join(', ');
}

/** `2d 3h`, `4h 10m`, `35s`: two units are enough. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0s';
  let left = seconds;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  });
  return parts.filter((part) => part !== '').join(' ');
}
