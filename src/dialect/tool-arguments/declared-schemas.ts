import type { Tool, ToolCall } from '../../chat/chat.ts';
import type { ArgumentProblem } from './argument-problem.ts';
import { isJsonObject, missingEnd, repairArguments } from './repair-arguments.ts';
import { validateArguments } from './validate-arguments.ts';

/** What is wrong with one call: undefined if it can be carried out as it will reach the client. */
export type CallProblem = { readonly call: ToolCall; readonly problems: readonly string[] };

/** The parameters of the client's tools by name, as it declared them. */
export class DeclaredSchemas {
  readonly #schemas: ReadonlyMap<string, unknown>;

  constructor(tools: readonly Tool[]) {
    this.#schemas = new Map(
      tools.flatMap((tool) => {
        const name = tool?.function?.name;
        return typeof name === 'string' ? [[name, tool.function?.parameters]] : [];
      }),
    );
  }

  /** The calls that are not what was declared. `stream`: only what can still be put right behind the pieces counts as right. */
  problems(calls: readonly ToolCall[], stream: boolean): readonly CallProblem[] {
    return calls.flatMap((call) => {
      const problems = this.#problemsOf(call, stream);
      return problems.length > 0 ? [{ call, problems }] : [];
    });
  }

  #problemsOf(call: ToolCall, stream: boolean): readonly string[] {
    const name = call.function?.name;
    if (name === undefined || !this.#schemas.has(name)) return [`There is no tool ${name ?? 'without a name'}.`];
    const text = call.function?.arguments ?? '';
    const read = stream ? completed(text) : repairArguments(text)?.text;
    if (read === undefined) return ['The arguments are not a JSON object.'];
    return validateArguments(JSON.parse(read), this.#schemas.get(name)).map(told);
  }
}

/** What the pieces of a stream become with what the gateway adds behind them. */
function completed(text: string): string | undefined {
  if (text.trim() === '') return '{}';
  if (isJsonObject(text)) return text;
  const ending = missingEnd(text);
  return ending === undefined ? undefined : text + ending;
}

function told({ path, message }: ArgumentProblem): string {
  return `${path === '' ? 'The whole' : path} ${message}.`;
}
