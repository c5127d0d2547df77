import { JsonDocument } from './json-document.ts';
import type { MessageOutline } from './message-outline.ts';
import { readOutline } from './outline-reader.ts';

/** The document of a chat request. Its messages are outlined in the pass that finds the members. */
export class ChatDocument extends JsonDocument {
  /** Of the messages as they came, whatever became of them since. */
  readonly outline: readonly MessageOutline[];

  constructor(bytes: Buffer) {
    let outline: MessageOutline[] = [];
    super(bytes, (key, valueStart) => {
      if (key !== 'messages') return undefined;
      outline = [];
      return readOutline(bytes, valueStart, outline);
    });
    this.outline = outline;
  }
}
