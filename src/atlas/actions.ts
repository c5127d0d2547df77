import { ERRORS, type ErrorCode, type GatewayError, type Retry } from '../errors.ts';
import { refusalById } from './find-refusal.ts';
import type { Blame, Words } from './refusal.ts';

/** What is done after a failure, beside telling it to somebody. */
export type Action =
  /** Nobody would do better. */
  | 'give_up'
  /** The dialect repairs the request where it knows the sentence, and sends it once more. */
  | 'repair'
  /** Once more, there or elsewhere; nobody rests for it. */
  | 'try_again'
  /** Another surface may take the same request. */
  | 'other_surface'
  /** The account rests for the moment that was asked for. */
  | 'slow_down'
  /** The account has too many calls under way: fewer at once from now on. */
  | 'fewer_at_once'
  /** The account rests until its quota begins anew or is topped up, looked at again and again. */
  | 'await_quota'
  /** The credential rests, is tried once more, and then rests until somebody acts. */
  | 'prove'
  /** The credential rests and is tried again, ever more seldom. */
  | 'look_again'
  /** The account is out of use until somebody acts. */
  | 'close'
  /** The credential is not asked for this model for a while. */
  | 'other_model';

interface ActionRow extends Words {
  /** What the rows of the error table must allow where this is done. */
  readonly retry: readonly Retry[];
}

export const ACTIONS: Readonly<Record<Action, ActionRow>> = {
  give_up: { retry: ['never'], en: 'told to the client', zh: '直接告知客户端' },
  repair: {
    retry: ['never'],
    en: 'repaired and sent once more where a dialect rule knows the sentence, else told to the client',
    zh: '若有方言规则认得这句话则修复后再发一次，否则告知客户端',
  },
  try_again: {
    retry: ['anywhere'],
    en: 'sent again, elsewhere at once or after a pause; nobody rests',
    zh: '立即换一个凭据或稍后重发；不让任何凭据休息',
  },
  other_surface: { retry: ['surface', 'elsewhere'], en: 'sent to the next surface', zh: '改发到下一个接入面' },
  slow_down: {
    retry: ['anywhere'],
    en: 'the account rests as long as it asked, from 1 s to 1 min; another one serves',
    zh: '该账号按其要求休息（1 秒至 1 分钟），由其他账号服务',
  },
  fewer_at_once: {
    retry: ['anywhere'],
    en: 'the account rests 1 to 10 s, and fewer calls at once are sent from then on',
    zh: '该账号休息 1 至 10 秒，此后降低并发',
  },
  await_quota: {
    retry: ['elsewhere'],
    en: 'the account rests until the reset, looked at again at least every 30 min',
    zh: '该账号休息至额度重置，至少每 30 分钟复查一次',
  },
  prove: {
    retry: ['elsewhere'],
    en: 'the credential rests 1 min, is tried once more, then rests until somebody acts',
    zh: '该凭据休息 1 分钟后再试一次，仍失败则停用，等待人工处理',
  },
  look_again: {
    retry: ['elsewhere'],
    en: 'the credential rests 5 to 30 min and is then tried by one request',
    zh: '该凭据休息 5 至 30 分钟，然后用一个请求试探',
  },
  close: { retry: ['elsewhere'], en: 'the account rests until somebody acts', zh: '该账号停用，等待人工处理' },
  other_model: {
    retry: ['elsewhere'],
    en: 'the credential is not asked for this model for 10 to 30 min',
    zh: '10 至 30 分钟内不再向该凭据请求此模型',
  },
};

/** What failures mean that no surface put into words; everything else is by `Retry`. */
const BY_CODE: Partial<Record<ErrorCode, Action>> = {
  upstream_auth: 'prove',
  account_terminated: 'close',
  upstream_permission: 'look_again',
  quota_exhausted: 'await_quota',
  rate_limited: 'slow_down',
  concurrency_limited: 'fewer_at_once',
  upstream_model_not_found: 'other_model',
};

const BY_RETRY: Readonly<Record<Retry, Action>> = {
  never: 'give_up',
  surface: 'other_surface',
  elsewhere: 'other_surface',
  anywhere: 'try_again',
};

export function actionOf({ code, details }: GatewayError): Action {
  const { refusal } = details;
  const row = refusal === undefined ? undefined : refusalById(refusal);
  // An adapter may know better than the table what a refusal means to it; then the code counts.
  if (row?.means === code) return row.action;
  return BY_CODE[code] ?? BY_RETRY[ERRORS[code].retry];
}

/** With whom a failure lies. */
export function blameOf(error: GatewayError): Blame {
  const { refusal } = error.details;
  const row = refusal === undefined ? undefined : refusalById(refusal);
  if (row?.means === error.code) return row.blame;
  return BLAME_OF[actionOf(error)];
}

const BLAME_OF: Readonly<Record<Action, Blame>> = {
  give_up: 'request',
  repair: 'request',
  try_again: 'engine',
  other_surface: 'request',
  slow_down: 'organisation',
  fewer_at_once: 'organisation',
  await_quota: 'organisation',
  prove: 'account',
  look_again: 'account',
  close: 'account',
  other_model: 'account',
};
