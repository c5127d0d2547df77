/** Identifiers of the families that the atlas knows by an expression. */
const NAMES = [
  'REASON_ACCOUNT_ABNORMAL',
  'REASON_CHAT_FORBIDDEN',
  'REASON_USER_STREAM_PUSHING',
  'REASON_OVERLOADED',
  'REASON_TOKEN_LENGTH_TOO_LONG',
  'MODEL_RATE_LIMIT',
  'REASON_RATE_LIMIT',
  'REASON_RESEARCH_QUOTA',
  'chat.content_filter',
  'chat.not_found',
  'REASON_INVALID_ARGUMENT',
  'REASON_INTERNAL',
];

/** An identifier of the family that an expression stands for. */
export function nameFor(family: RegExp): string {
  const name = NAMES.findLast((one) => family.test(one));
  if (name === undefined) throw new Error(`no name for ${family}`);
  return name;
}
