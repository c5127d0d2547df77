import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import { occurs } from './needle.ts';
import type { AnswerRepair } from './rule.ts';

/** The repairs of one answer, applied in order to each chunk or to the whole. */
export class AnswerRepairs {
  readonly #repairs: readonly AnswerRepair[];
  readonly needles: readonly string[];
  readonly #alert: readonly AnswerRepair[];
  readonly #enders: readonly AnswerRepair[];

  constructor(repairs: readonly AnswerRepair[]) {
    this.#repairs = repairs;
    this.needles = [...new Set(repairs.flatMap(({ needles }) => needles))];
    this.#alert = repairs.filter(({ isAlert }) => isAlert);
    this.#enders = repairs.filter(({ finished }) => finished);
  }

  /** Whether these bytes may concern a repair. Only meaningful for compact JSON. */
  concern(bytes: Buffer): boolean {
    for (const repair of this.#alert) if (repair.isAlert?.()) return true;
    for (const needle of this.needles) if (occurs(needle, bytes)) return true;
    return false;
  }

  /** The same object if nothing was to be done, undefined if the chunk is to be left out. */
  chunk(chunk: ChatChunk): ChatChunk | undefined {
    let result: ChatChunk | undefined = chunk;
    for (const repair of this.#repairs) {
      if (repair.chunk) result = repair.chunk(result);
      if (result === undefined) return undefined;
    }
    return result;
  }

  /** What is still to be sent behind the surface's last chunk. The chunks of one repair pass through the later ones. */
  end(): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    this.#repairs.forEach((repair, index) => {
      for (const chunk of repair.end?.() ?? []) {
        let result: ChatChunk | undefined = chunk;
        for (const later of this.#repairs.slice(index + 1)) {
          if (result !== undefined && later.chunk) result = later.chunk(result);
        }
        if (result !== undefined) chunks.push(result);
      }
    });
    return chunks;
  }

  /** Whether a repair has ended the answer: the call to the surface may be given up. */
  finished(): boolean {
    for (const repair of this.#enders) if (repair.finished?.()) return true;
    return false;
  }

  /** The same object if nothing was to be done. */
  completion(completion: ChatCompletion): ChatCompletion {
    let result = completion;
    for (const repair of this.#repairs) if (repair.completion) result = repair.completion(result);
    return result;
  }

  /**
   * The same for an answer that is still bytes of compact JSON: it is parsed only for the repairs that its bytes concern,
   * and the later ones if one of them changed it. Undefined if nothing was to be done.
   */
  whole(bytes: Buffer, parse: () => ChatCompletion): ChatCompletion | undefined {
    let completion: ChatCompletion | undefined;
    let changed = false;
    for (const repair of this.#repairs) {
      if (!repair.completion || !(changed || concerns(repair, bytes))) continue;
      completion ??= parse();
      const result = repair.completion(completion);
      changed ||= result !== completion;
      completion = result;
    }
    return changed ? completion : undefined;
  }
}

function concerns({ needles, isAlert, unless }: AnswerRepair, bytes: Buffer): boolean {
  if (unless !== undefined && occurs(unless, bytes)) return false;
  return (isAlert?.() ?? false) || needles.some((needle) => occurs(needle, bytes));
}
