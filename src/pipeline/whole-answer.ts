import type { ChatCompletion } from '../chat/chat.ts';
import { JsonDocument } from '../chat/json-document.ts';
import { isObject, type JsonObject } from '../chat/json-object.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import type { AnswerRepairs } from '../dialect/repair-answer.ts';

/** An answer that is one object. */
export interface WholeAnswer {
  /** All of it was parsed, so that nothing has to be looked for in its bytes. */
  readonly isParsed: boolean;
  readonly completion: ChatCompletion;
  get(member: string): unknown;
}

/** Up to here parsing all of an answer costs less than looking for what concerns somebody. */
const PARSED_AT_ONCE = 2_048;

/** Throws JsonSyntaxError, of a long one perhaps only when it is used. */
export function wholeAnswer(body: Buffer): WholeAnswer {
  return body.length <= PARSED_AT_ONCE ? new ParsedAnswer(body) : new ScannedAnswer(body);
}

/** The same buffer if no repair changes anything, else one in which only the changed members are written anew. */
export function repairWhole(body: Buffer, answer: WholeAnswer, repairs: AnswerRepairs): Buffer {
  const repaired = repairedCompletion(body, answer, repairs);
  if (repaired === undefined) return body;
  const document = new JsonDocument(body);
  for (const [member, value] of Object.entries(repaired)) {
    if (value !== answer.get(member)) document.set(member, value);
  }
  return document.toBytes();
}

/** Texts are looked for in compact JSON only. */
function repairedCompletion(body: Buffer, answer: WholeAnswer, repairs: AnswerRepairs): ChatCompletion | undefined {
  if (!answer.isParsed && !body.includes('": ')) return repairs.whole(body, () => answer.completion);
  const { completion } = answer;
  const result = repairs.completion(completion);
  return result === completion ? undefined : result;
}

class ParsedAnswer implements WholeAnswer {
  readonly isParsed = true;
  readonly #members: JsonObject;

  constructor(body: Buffer) {
    this.#members = parseObject(body);
  }

  get completion(): ChatCompletion {
    return this.#members as ChatCompletion;
  }

  get(member: string): unknown {
    return this.#members[member];
  }
}

function parseObject(body: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (cause) {
    throw new JsonSyntaxError(cause instanceof Error ? cause.message : 'malformed', 0);
  }
  if (!isObject(value)) throw new JsonSyntaxError('expected a JSON object', 0);
  return value;
}

/** Only what somebody asks for is parsed. */
class ScannedAnswer implements WholeAnswer {
  readonly isParsed = false;
  readonly #document: JsonDocument;

  constructor(body: Buffer) {
    this.#document = new JsonDocument(body);
  }

  get completion(): ChatCompletion {
    return this.#document.toObject() as ChatCompletion;
  }

  get(member: string): unknown {
    return this.#document.get(member);
  }
}
