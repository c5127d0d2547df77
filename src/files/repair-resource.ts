import type { Resource } from './keeper.ts';

/**
 * OpenAI's clients wait until a file's status is `processed` or `error` (`files.waitForProcessing` of npm openai 7.57.0);
 * Kimi says `ready`, and `ok` in older documentation (platform docs, files page).
 */
const STATUS: Readonly<Record<string, string>> = { ready: 'processed', ok: 'processed' };

/** A file as OpenAI's clients expect it; what they do not know stays. */
export function toOpenAiFile(file: Resource): Resource {
  const { status } = file;
  if (typeof status !== 'string' || !Object.hasOwn(STATUS, status)) return file;
  return { ...file, status: STATUS[status] };
}
