import type { BatchProblem } from '../accounts/batch-shelf.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';

/** One request of a batch. */
export interface BatchLine {
  readonly customId: string;
  readonly body: JsonObject;
}

export interface BatchInput {
  readonly lines: readonly BatchLine[];
  readonly problems: readonly BatchProblem[];
}

/** Platform docs, batch page: only these models, one a batch. */
const MODELS = ['kimi-k2.7-code', 'kimi-k2.6'];
/** "Do not set" them (platform docs, batch page). */
const SAMPLING = ['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty'];

/** Reads JSONL and says everything that is wrong; codes and sentences are ours, the service's own were not seen. */
export function readBatchInput(text: string, endpoint: string): BatchInput {
  const lines: BatchLine[] = [];
  const problems: BatchProblem[] = [];
  const ids = new Set<string>();
  const models = new Set<unknown>();
  const texts = text.split('\n').map((line) => line.trim());
  for (const [index, line] of texts.entries()) {
    if (line === '') continue;
    const report = (code: string, message: string, param: string | null = null) =>
      problems.push({ code, message, line: index + 1, param });
    const parsed = parseJson(line);
    if (!parsed.ok || !isObject(parsed.value)) {
      report('invalid_json_line', 'This line is not parseable as valid JSON.');
      continue;
    }
    const { custom_id: id, method, url, body } = parsed.value;
    if (typeof id !== 'string' || id === '') report('missing_custom_id', 'custom_id is required', 'custom_id');
    else if (ids.has(id)) report('duplicate_custom_id', `The custom_id '${id}' is used twice.`, 'custom_id');
    else ids.add(id);
    if (method !== 'POST') report('invalid_method', 'method must be POST', 'method');
    if (url !== endpoint) report('mismatched_endpoint', `url must be ${endpoint}`, 'url');
    if (!isObject(body)) {
      report('invalid_body', 'body must be an object', 'body');
      continue;
    }
    const sampling = SAMPLING.find((name) => name in body);
    if (sampling !== undefined) report('invalid_body', `${sampling} must not be set`, `body.${sampling}`);
    if (!MODELS.includes(String(body['model']))) {
      report('model_not_supported', `The model ${String(body['model'])} is not supported in a batch.`, 'body.model');
    }
    models.add(body['model']);
    lines.push({ customId: String(id), body });
  }
  if (models.size > 1) {
    problems.push({ code: 'mismatched_model', message: 'A batch has one model.', line: null, param: 'body.model' });
  }
  if (lines.length === 0 && problems.length === 0) {
    problems.push({ code: 'empty_file', message: 'The input file has no requests.', line: null, param: null });
  }
  return { lines, problems };
}
