/** What the vendor answers instead of an answer. The body is `{"error":{message,type}}`, or HTML where it comes from the load balancer. */
export interface RefusalFacts {
  readonly status: number;
  readonly type?: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members next to `message` and `type`, such as `code` and `param` of the content filter. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly html?: string;
  /** Instead of the error object: the shape of another protocol. */
  readonly json?: unknown;
}

export class Refusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super(facts.message);
    this.name = 'Refusal';
    this.facts = facts;
  }

  get body(): unknown {
    const { message, type, extra, json } = this.facts;
    if (json !== undefined) return json;
    return { error: { message, ...(type === undefined ? {} : { type }), ...extra } };
  }

  /** Anthropic's shape. The vendor's Anthropic faces use it for a 400 and OpenAI's for the rest (measured September 2026). */
  get anthropicBody(): Record<string, unknown> {
    const { message, type = 'invalid_request_error' } = this.facts;
    return { type: 'error', error: { type, message } };
  }
}

/** The 400 behind nearly every rule of the platform (platform docs, errors page). */
export function invalid(message: string): Refusal {
  return new Refusal({ status: 400, type: 'invalid_request_error', message });
}

/** Unknown model and model without entitlement are told apart nowhere: same status, same sentence (platform docs, errors page). */
export function modelNotFound(model: string): Refusal {
  return notFound(`Not found the model ${model} or Permission denied`);
}

export function notFound(message: string): Refusal {
  return new Refusal({ status: 404, type: 'resource_not_found_error', message });
}

/** A 429 carried both headers with the value 1 (measured by the authors of a public gateway report, September 2026). */
export const RETRY_HEADERS = { 'retry-after': '1', 'x-retry-after': '1' } as const;

export function tooMany(type: string, message: string): Refusal {
  return new Refusal({ status: 429, type, message, headers: RETRY_HEADERS });
}

/** The default type of a status, for `sim: status CODE MESSAGE` (platform docs, errors page). */
const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'invalid_authentication_error',
  403: 'permission_denied_error',
  404: 'resource_not_found_error',
  429: 'rate_limit_reached_error',
  499: 'client_closed_request',
  500: 'server_error',
  503: 'server_unavailable',
};

export function typeOfStatus(status: number): string | undefined {
  return TYPE_BY_STATUS[status];
}
