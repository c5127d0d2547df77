import type { ChatMessage, ToolCall } from '../../../chat/chat.ts';
import type { Phrase } from '../../language.ts';
import { plainText } from '../../plain-text.ts';
import { LOCAL_TOOLS } from './index.ts';

export interface CallRunner {
  /** Asked before each call. */
  agree(question: Phrase): Promise<boolean>;
  readonly folder: string;
  readonly signal: AbortSignal;
}

const ARGUMENTS_SHOWN = 400;
/** What a model gets of one result. */
const RESULT_LIMIT = 64 * 1024;
const DECLINED = 'The user did not allow this call.';

/** Runs what the model asks for, each call after a question of its own. A refusal is a result, too: the model reads it. */
export async function runCalls(calls: readonly ToolCall[], runner: CallRunner): Promise<readonly ChatMessage[]> {
  const results: ChatMessage[] = [];
  for (const call of calls) {
    const content = runner.signal.aborted ? DECLINED : await runCall(call, runner);
    results.push({ role: 'tool', tool_call_id: call.id ?? '', content: content.slice(0, RESULT_LIMIT) });
  }
  return results;
}

async function runCall({ function: called }: ToolCall, { agree, folder }: CallRunner): Promise<string> {
  const name = called?.name ?? '';
  const tool = LOCAL_TOOLS.find((known) => known.name === name);
  if (tool === undefined) return `There is no tool ${name}.`;
  const args = parsed(called?.arguments);
  if (args === undefined) return 'The arguments are not a JSON object.';
  const shown = plainText(`${name} ${JSON.stringify(args)}`).slice(0, ARGUMENTS_SHOWN);
  const isAgreed = await agree({ en: `Run ${shown} ? [y/N]`, zh: `运行 ${shown} ？[y/N]` });
  if (!isAgreed) return DECLINED;
  try {
    return await tool.run(args, folder);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // the model is told
  }
}
