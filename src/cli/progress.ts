import type { Terminal } from './command.ts';
import { type Phrase, phrase } from './language.ts';

export interface Progress {
  show(text: string): void;
  /** Wipes what was shown. */
  end(): void;
}

/** What takes less is over before anybody wonders. */
const QUIET_MS = 1_000;
const EVERY_MS = 100;

/** One line on standard error that is written over, at a terminal only. */
export function progressOf({ stderr }: Terminal): Progress {
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    show(text) {
      const now = performance.now();
      if (now - startedAt < QUIET_MS || now - shownAt < EVERY_MS) return;
      shownAt = now;
      stderr.write(`\r\u001b[2K${text}`);
    },
    end() {
      if (shownAt > 0) stderr.write('\r\u001b[2K');
      shownAt = 0;
    },
  };
}

/** Events as they come; until one has something to show, what is waited for and for how long. */
export async function* whileSilent<Event>(
  terminal: Terminal,
  what: Phrase,
  events: AsyncIterable<Event>,
  hasContent: (event: Event) => boolean,
): AsyncGenerator<Event> {
  const progress = progressOf(terminal);
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - startedAt) / 1_000);
    progress.show(`${phrase(what, terminal.language)} ${seconds} s`);
  }, EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    progress.end();
  };
  try {
    for await (const event of events) {
      if (hasContent(event)) stop();
      yield event;
    }
  } finally {
    stop();
  }
}

/** Says what is waited for, where it takes longer than a second. */
export async function whileWaiting<Result>(
  terminal: Terminal,
  what: Phrase,
  work: () => Promise<Result>,
): Promise<Result> {
  const progress = progressOf(terminal);
  const timer = setInterval(() => progress.show(phrase(what, terminal.language)), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress.end();
  }
}
