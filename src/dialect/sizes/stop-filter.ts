import type { ChatChunk, ChunkChoice, CompletionChoice } from '../../chat/chat.ts';
import type { AnswerRepair } from '../rule.ts';
import { StopMatcher } from './stop-matcher.ts';

/**
 * Ends the answer of each choice at the first of `stops`, as the surface itself does for the stop sequences that it
 * takes. `choices` is how many the request asked for.
 */
export function stopFilter(stops: readonly string[], choices: number): AnswerRepair {
  const matchers = new Map<number, StopMatcher>();
  let last: ChatChunk = {};
  const matcherOf = (index: number) => {
    const matcher = matchers.get(index) ?? new StopMatcher(stops);
    matchers.set(index, matcher);
    return matcher;
  };
  return {
    // Every chunk: what is held back must come out with the next one that is not text, whatever it is.
    needles: ['"choices"'],
    chunk(chunk) {
      if (chunk.choices === undefined || chunk.choices.length === 0) return chunk;
      last = chunk;
      const before = chunk.choices;
      const after = before
        .map((choice) => filtered(choice, matcherOf(choice.index ?? 0)))
        .filter((choice) => choice !== undefined);
      if (after.every((choice, index) => choice === before[index]) && after.length === before.length) return chunk;
      return after.length === 0 && !chunk.usage ? undefined : { ...chunk, choices: after };
    },
    completion(completion) {
      const before = completion.choices ?? [];
      const after = before.map((choice) => cut(choice, new StopMatcher(stops)));
      return after.every((choice, index) => choice === before[index]) ? completion : { ...completion, choices: after };
    },
    end() {
      const held = [...matchers].map(([index, matcher]) => ({ index, content: matcher.flush() }));
      const choicesLeft = held
        .filter(({ content }) => content !== '')
        .map(({ index, content }) => ({ index, delta: { content }, finish_reason: null }));
      const { usage: _sent, ...head } = last;
      return choicesLeft.length === 0 ? [] : [{ ...head, choices: choicesLeft }];
    },
    finished: () => matchers.size >= choices && [...matchers.values()].every((matcher) => matcher.hit),
  };
}

/** The same object if nothing of it is held back or cut off, undefined if nothing is left of it. */
function filtered(choice: ChunkChoice, matcher: StopMatcher): ChunkChoice | undefined {
  const { delta, finish_reason: reason } = choice;
  if (matcher.hit) return afterHit(choice);
  const content = delta?.content;
  const text = typeof content === 'string' ? content : '';
  const isEnd = (typeof reason === 'string' && reason !== '') || (delta?.tool_calls?.length ?? 0) > 0;
  const passed = matcher.push(text);
  const sent = matcher.hit || !isEnd ? passed : passed + matcher.flush();
  if (matcher.hit) {
    const { tool_calls: _later, ...rest } = delta ?? {};
    return { ...choice, delta: { ...rest, content: sent }, ...stoppedBy(matcher) };
  }
  return sent === text ? choice : { ...choice, delta: { ...delta, content: sent } };
}

/** Which one it was is told where vLLM tells it, for clients whose protocol has a place for it. */
function stoppedBy({ found }: StopMatcher): { finish_reason: 'stop'; stop_reason: string | undefined } {
  return { finish_reason: 'stop', stop_reason: found };
}

/** The client has its `finish_reason`; only the usage is still of interest. */
function afterHit({ index = 0, usage }: ChunkChoice): ChunkChoice | undefined {
  return usage ? { index, delta: {}, finish_reason: null, usage } : undefined;
}

function cut(choice: CompletionChoice, matcher: StopMatcher): CompletionChoice {
  const { message } = choice;
  if (typeof message?.content !== 'string') return choice;
  const content = matcher.push(message.content);
  if (!matcher.hit) return choice;
  const { tool_calls: _later, ...rest } = message;
  return { ...choice, message: { ...rest, content }, ...stoppedBy(matcher) };
}
