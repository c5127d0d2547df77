/**
 * Ids of calls as OpenAI's look. Kimi's own (`get_weather:0`) hold a colon, which clients of this protocol rewrite (Kimi Code
 * CLI 2.1.0 makes it an underscore), and then the call is not known again: its thoughts are lost, and the model sees ids
 * that are not its own. So characters that are not safe are escaped on the way out and put back on the way in.
 */
const ESCAPED = /^call_.*-[0-9a-f]{2,4}-/s;

export function toCallId(id: string): string {
  if (/^[\w-]+$/.test(id) && !ESCAPED.test(id)) return id;
  return `call_${id.replace(/\W/g, (unit) => `-${unit.charCodeAt(0).toString(16).padStart(2, '0')}-`)}`;
}

export function toHubCallId(callId: string): string {
  if (!ESCAPED.test(callId)) return callId;
  return callId
    .slice('call_'.length)
    .replace(/-([0-9a-f]{2,4})-/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
