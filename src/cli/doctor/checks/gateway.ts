import type { CredentialInfo } from '../../../index.ts';
import { addressOf, healthAt } from '../../gateway-health.ts';
import { type DoctorCheck, type Finding, failed, ok, skipped, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';

const LIMIT_MS = 5_000;

/** What the gateway that runs here says of itself: it may know what nobody else does. */
export const gateway: DoctorCheck = {
  id: 'gateway',
  group: 'here',
  title: { en: 'Asked the gateway that runs here how it is', zh: '询问正在运行的网关的状态' },
  async run({ config }: Examination) {
    const about = addressOf(config);
    if ((await healthAt(about)) === undefined) return [skipped({ en: 'none runs', zh: '没有网关在运行' }, { about })];
    return [await readiness(about), ...(await resting(about, config.admin_key?.reveal()))];
  },
};

async function readiness(about: string): Promise<Finding> {
  const { status, body } = await ask(`${about}/readyz`);
  if (status === 200) return ok({ en: 'ready', zh: '就绪' }, { about });
  const reason = typeof body['reason'] === 'string' ? body['reason'] : `HTTP ${status}`;
  return failed(
    { en: `not ready: ${reason}`, zh: `未就绪：${reason}` },
    { about, advice: { en: 'See the lines keys and credentials.', zh: '请看 keys 与 credentials 两行。' } },
  );
}

async function resting(about: string, adminKey: string | undefined): Promise<readonly Finding[]> {
  const { status, body } = await ask(`${about}/admin/credentials`, adminKey);
  if (status !== 200 || !Array.isArray(body['data'])) {
    return [
      skipped(
        {
          en: `its credentials are not shown (HTTP ${status}): set \`admin_key\``,
          zh: `无法查看凭据（HTTP ${status}）：请设置 \`admin_key\``,
        },
        { about },
      ),
    ];
  }
  const all = body['data'] as readonly CredentialInfo[];
  return all.flatMap(({ id, state, rest }) => {
    if (state !== 'resting' && state !== 'stopped') return [];
    const until = rest && state === 'resting' ? new Date(rest.resets_at ?? rest.until).toISOString() : undefined;
    const why = rest?.because ?? state;
    return [
      warning(
        {
          en: `rests (${why})${until === undefined ? ' until somebody acts' : ` until ${until}`}`,
          zh: `休息中（${why}）${until === undefined ? '，需人工处理' : `，直到 ${until}`}`,
        },
        {
          about: id,
          advice: {
            en: `If the cause is gone: moongate credentials clear ${id.split(' ')[0]}`,
            zh: `若原因已消除：moongate credentials clear ${id.split(' ')[0]}`,
          },
        },
      ),
    ];
  });
}

async function ask(
  url: string,
  adminKey?: string,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const headers: Record<string, string> = adminKey === undefined ? {} : { 'x-admin-key': adminKey };
  try {
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(LIMIT_MS) });
    const body: unknown = await response.json();
    return {
      status: response.status,
      body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {},
    };
  } catch {
    return { status: 0, body: {} };
  }
}
