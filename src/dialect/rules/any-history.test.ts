import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { tryRules } from '../rule-trial.ts';
import { RULES } from './index.ts';

/** An independent reading of what the platform refuses in `messages`; undefined if it takes them. */
function refusal(messages: readonly Any[], thinking: boolean): string | undefined {
  if (messages.length === 0) return 'no messages';
  const seen = new Set<string>();
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, content, tool_calls: calls, tool_call_id: id, partial } = message;
    const place = `${index} (${role})`;
    if (!['system', 'user', 'assistant', 'tool'].includes(role)) return `role of ${place}`;
    const text = contentProblem(content, role, (calls?.length ?? 0) > 0, partial === true);
    if (text) return `${text} in ${place}`;
    if (partial !== undefined && partial !== false && !(role === 'assistant' && index === messages.length - 1))
      return `partial in ${place}`;
    if (role === 'tool') {
      if (!open.includes(id)) return `unknown id in ${place}`;
      open = open.filter((other) => other !== id);
      continue;
    }
    if (open.length > 0) return `unanswered calls before ${place}`;
    if (role !== 'assistant' || !calls) continue;
    if (thinking && calls.length > 0 && typeof message.reasoning_content !== 'string')
      return `no reasoning in ${place}`;
    for (const call of calls) {
      if (typeof call.id !== 'string' || call.id === '' || seen.has(call.id)) return `id of a call in ${place}`;
      seen.add(call.id);
      open.push(call.id);
      if (!isObjectText(call.function?.arguments)) return `arguments in ${place}`;
    }
  }
  if (open.length > 0) return 'unanswered calls at the end';
  return hasHalves(messages) ? 'halves of characters' : undefined;
}

function contentProblem(content: unknown, role: string, hasCalls: boolean, isPartial: boolean): string | undefined {
  if (content === undefined || content === null)
    return hasCalls || isPartial || role === 'system' ? undefined : 'no content';
  if (typeof content === 'string') {
    return content.trim() === '' && (role === 'user' || (role === 'assistant' && !isPartial))
      ? 'blank content'
      : undefined;
  }
  if (!Array.isArray(content)) return 'odd content';
  if (content.length === 0) return 'no parts';
  for (const part of content as readonly Any[]) {
    if (part?.type === 'text' && typeof part.text === 'string' && part.text.trim() !== '') continue;
    if (role !== 'tool' && part?.type === 'image_url' && typeof part.image_url?.url === 'string') continue;
    return `part ${JSON.stringify(part)}`;
  }
  return undefined;
}

function isObjectText(text: unknown): boolean {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof text === 'string' && typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function hasHalves(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => !key.isWellFormed() || hasHalves(member));
}

// biome-ignore lint/suspicious/noExplicitAny: the checker reads what may be anything
type Any = any;

const words = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('hello', '你好', 'a "quoted" \\ word', 'x\ny') },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '\n', '\ud83d') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const part = fc.oneof(
  { weight: 5, arbitrary: words.map((text) => ({ type: 'text', text })) },
  fc.constantFrom<unknown>(
    { type: 'image_url', image_url: { url: PNG } },
    { type: 'image_url', image_url: PNG },
    { type: 'input_text', text: 'x' },
    { type: 'thinking', thinking: 'hm', signature: 'x' },
    { type: 'refusal', refusal: '' },
    { type: 'tool_reference', tool_name: 'x' },
    null,
    'bare',
  ),
);
const content = fc.oneof(
  { weight: 6, arbitrary: words },
  { weight: 3, arbitrary: fc.array(part, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 3, { a: 1 }) },
);
const id = fc.constantFrom('f:0', 'f:1', 'f_2', 'call_abc', '');
const call = fc.record(
  {
    id,
    type: fc.constant('function'),
    function: fc.record({
      name: fc.constantFrom('f', 'g'),
      arguments: fc.constantFrom<unknown>('{}', '{"a":[1]}', '', '{"a":', '[]', '{"a":"\n"}', 'null', { a: 1 }),
    }),
  },
  { requiredKeys: ['function'] },
);
const message = fc.oneof(
  fc.record(
    { role: fc.constantFrom('system', 'user', 'developer'), content, name: fc.constant('n') },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record(
    {
      role: fc.constant('assistant'),
      content,
      tool_calls: fc.oneof(fc.array(call, { maxLength: 3 }), fc.constant(null)),
      reasoning_content: fc.constantFrom<unknown>('hm', '', null),
      reasoning: fc.constant('thought'),
      refusal: fc.constantFrom<unknown>(null, 'No.'),
      partial: fc.boolean(),
      prefix: fc.boolean(),
    },
    { requiredKeys: ['role'] },
  ),
  fc.record({ role: fc.constant('tool'), content, tool_call_id: id }, { requiredKeys: ['role'] }),
);
const history = fc.array(message, { minLength: 1, maxLength: 8 });
const model = fc.constantFrom('kimi-k3', 'kimi-k2.6', 'kimi-k2.7-code', 'kimi-for-coding');
const towards = (name: string) => ({
  model: name,
  surface: name === 'kimi-for-coding' ? ('coding' as const) : ('platform' as const),
});

/** Histories in which nothing is wrong. */
const sound = fc
  .array(
    fc.tuple(fc.constantFrom('say', 'call'), fc.integer({ min: 1, max: 3 }), fc.constantFrom('hello', '你好 "x"')),
    { minLength: 1, maxLength: 6 },
  )
  .map((turns) =>
    turns.flatMap(([kind, count, text], turn): unknown[] => {
      const calls = Array.from({ length: count }, (_, index) => ({
        id: `f:${turn * 3 + index}`,
        type: 'function',
        function: { name: 'f', arguments: JSON.stringify({ text }) },
      }));
      const say = [
        { role: 'user', content: [{ type: 'text', text }] },
        { role: 'user', content: text },
      ];
      if (kind === 'say') return [...say, { role: 'assistant', content: text }];
      return [
        ...say,
        { role: 'assistant', reasoning_content: text, tool_calls: calls },
        ...calls.toReversed().map((one) => ({ role: 'tool', tool_call_id: one.id, content: text })),
      ];
    }),
  );

describe('any history', () => {
  test('is accepted after repair, and repaired once', () => {
    fc.assert(
      fc.property(history, model, (messages, name) => {
        let trial: ReturnType<typeof tryRules>;
        try {
          trial = tryRules(RULES, { messages }, towards(name));
        } catch (error) {
          if (error instanceof GatewayError) return;
          throw error;
        }
        const after = trial.request['messages'] as readonly Any[];
        expect(refusal(after, true)).toBe(undefined);
        const again = tryRules(RULES, trial.request, towards(name));
        expect(again.repairs).toEqual([]);
        expect(again.after).toBe(again.before);
      }),
      { numRuns: 5_000 },
    );
  });

  test('in which nothing is wrong stays the same bytes', () => {
    fc.assert(
      fc.property(sound, model, (messages, name) => {
        expect(refusal(messages as readonly Any[], true)).toBe(undefined);
        const trial = tryRules(RULES, { messages }, towards(name));
        expect(trial.repairs).toEqual([]);
        expect(trial.after).toBe(trial.before);
      }),
      { numRuns: 1_000 },
    );
  });

  test('keeps the bytes of the messages that are not concerned', () => {
    fc.assert(
      fc.property(sound, (messages) => {
        const trial = tryRules(RULES, { messages: [...messages, { role: 'assistant', content: '' }] });
        expect(trial.after.toString()).toBe(JSON.stringify({ messages }));
        expect(trial.repairs.length).toBe(1);
      }),
    );
  });
});

describe('triggers', () => {
  test('what a rule would change, its trigger finds', () => {
    const open = RULES.map((rule) =>
      rule.request ? { ...rule, request: { ...rule.request, trigger: { bytes: () => true } } } : rule,
    );
    fc.assert(
      fc.property(history, model, (messages, name) => {
        const run = (rules: typeof RULES) => {
          try {
            return tryRules(rules, { messages }, towards(name)).after.toString();
          } catch (error) {
            return String(error);
          }
        };
        expect(run(RULES)).toBe(run(open));
      }),
      { numRuns: 3_000 },
    );
  });
});
