import { RETRY_HEADERS, Refusal, type RefusalFacts } from './refusal.ts';

/** Ready-made failures, by name: for `sim: fault NAME` and for `simulator.fail({ fault })`. */
const FAULTS = {
  overload: {
    status: 429,
    type: 'engine_overloaded_error',
    message: 'The engine is currently overloaded, please try again later',
    headers: RETRY_HEADERS,
  },
  'rate-limit': {
    status: 429,
    type: 'rate_limit_reached_error',
    message: 'Organization Rate limit exceeded, please try again after 1 seconds',
    headers: RETRY_HEADERS,
  },
  quota: {
    status: 429,
    type: 'exceeded_current_quota_error',
    message: 'You exceeded your current token quota, please check your account balance',
    headers: RETRY_HEADERS,
  },
  suspended: {
    status: 429,
    type: 'exceeded_current_quota_error',
    message:
      'Your account org-simulator<ak-simulator> is suspended due to insufficient balance, please recharge your account or check your plan and billing details',
    headers: RETRY_HEADERS,
  },
  // The numeric code and the parameter's name as MoonshotAI/kimi-cli #1002 shows them.
  filter: {
    status: 400,
    type: 'content_filter',
    message: 'The request was rejected because it was considered high risk',
    extra: { code: 400, param: 'prompt' },
  },
  auth: { status: 401, type: 'invalid_authentication_error', message: 'Invalid Authentication' },
  permission: { status: 403, type: 'permission_denied_error', message: 'The API you are accessing is not open' },
  'too-large': { status: 413, message: 'Request exceeds the maximum size' },
  'token-limit': {
    status: 400,
    type: 'invalid_request_error',
    message: 'Your request exceeded model token limit: 262144 (requested: 300000)',
  },
  server: { status: 500, type: 'server_error', message: 'Internal server error, please try again later' },
  unexpected: { status: 500, type: 'unexpected_output', message: 'Unexpected output, please try again later' },
  unavailable: {
    status: 503,
    type: 'server_unavailable',
    message: 'The server is unavailable, please try again later',
  },
  // What Kimi Code says (its error reference): four meanings of 403, a 402, three more of 429.
  'code-client': {
    status: 403,
    type: 'access_terminated_error',
    message:
      'Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code, Kilo Code, etc.',
  },
  'code-terminated': {
    status: 403,
    type: 'access_terminated_error',
    message: 'Access terminated. Review our Community Guidelines for more information.',
  },
  'code-weekly': {
    status: 403,
    message:
      "You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle. Upgrade to get more.",
  },
  'code-concurrency': {
    status: 403,
    type: 'permission_error',
    message:
      "You've reached your concurrent request limit. Please wait for your ongoing requests to finish and try again.",
  },
  'code-membership': {
    status: 402,
    message: "We're unable to verify your membership benefits at this time. Please ensure your membership is active.",
  },
  'code-window': {
    status: 429,
    message:
      "You've reached your usage limit for this period. Your quota will be refreshed in the next period. Upgrade to get more: https://www.kimi.com/code/limit-upgrade",
  },
  'code-monthly': {
    status: 429,
    message: "You've reached kimi monthly usage limit for this billing cycle.",
  },
  'code-busy': {
    status: 429,
    type: 'rate_limit_reached_error',
    message: "We're receiving too many requests at the moment. Please wait a moment and try again.",
    headers: RETRY_HEADERS,
  },
  // The load balancer's page after 900 seconds is HTML, not JSON (seen by several clients).
  'html-504': {
    status: 504,
    message: '504 Gateway Time-out',
    html: '<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n</body>\r\n</html>\r\n',
  },
} as const satisfies Record<string, RefusalFacts>;

/** `reset` is not an answer: the socket is destroyed before a byte was sent. */
export type FaultName = keyof typeof FAULTS | 'reset';

export const FAULT_NAMES: readonly string[] = [...Object.keys(FAULTS), 'reset'];

export function isFaultName(name: string): name is FaultName {
  return FAULT_NAMES.includes(name);
}

/** Thrown where the socket must go down without an answer. */
export class Reset extends Error {
  override readonly name = 'Reset';
}

export function faultError(name: FaultName): Refusal | Reset {
  return name === 'reset' ? new Reset('connection reset') : new Refusal(FAULTS[name]);
}
