import { askForValidCalls } from '../correct-tool-calls.ts';
import type { Rule } from '../rule.ts';
import { DeclaredSchemas } from '../tool-arguments/declared-schemas.ts';

/**
 * Stands behind the names, which the surface answers with, and before the schemas are rewritten, because the client's own
 * are what its calls have to fit.
 */
export const toolValidation: Rule = {
  id: 'tool-validation',
  title: { en: 'Tool calls fit their declaration', zh: '工具调用符合声明的参数' },
  why: 'A model can write arguments that are JSON and not what the tool declares: a number as text, a missing member, a tool that does not exist. With `tool_validation: retry`, or the header `x-moongate-tool-validation: retry`, such an answer is kept back and the surface is asked once more, with what is wrong as the results of the calls; the second answer goes to the client as it is, and `x-moongate-asked-again` tells of it. A stream is held back until its calls are whole, or until it has said 400 characters without one. Without the setting only what is no JSON is put right (rule answer-arguments).',
  source: 'BerriAI/litellm, vercel/ai (experimental_repairToolCall) and other clients do the same on their side',
  seen: '2026-11-12',
  when: ({ surface }) => surface !== 'web',
  request: {
    reads: ['tools'],
    trigger: { members: ['tools'] },
    apply(request, { onRetry, stream }) {
      const { tools } = request;
      if (!Array.isArray(tools) || tools.length === 0) return request;
      let schemas: DeclaredSchemas | undefined;
      onRetry(askForValidCalls(() => (schemas ??= new DeclaredSchemas(tools)), stream));
      return request;
    },
  },
};
