import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import type { AnswerRepair } from './rule.ts';

/** The repairs of one answer, applied in order to each chunk or to the whole. */
export class AnswerRepairs {
  readonly needles: readonly Buffer[];
  readonly #repairs: readonly AnswerRepair[];

  constructor(repairs: readonly AnswerRepair[]) {
    this.#repairs = repairs;
    this.needles = [...new Set(repairs.flatMap((repair) => repair.needles))].map((text) => Buffer.from(text));
  }

  /** Whether these bytes may concern a repair. Only meaningful for compact JSON. */
  concern(bytes: Buffer): boolean {
    if (this.#repairs.some((repair) => repair.isAlert?.())) return true;
    for (const needle of this.needles) if (bytes.includes(needle)) return true;
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
    return this.#repairs.some((repair) => repair.finished?.() ?? false);
  }

  /** The same object if nothing was to be done. */
  completion(completion: ChatCompletion): ChatCompletion {
    let result = completion;
    for (const repair of this.#repairs) if (repair.completion) result = repair.completion(result);
    return result;
  }
}
