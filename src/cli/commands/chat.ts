import { ALIASES } from '../../models/aliases.ts';
import { factsOf } from '../../models/facts.ts';
import { Conversation } from '../chat/conversation.ts';
import { chatInteractively } from '../chat/interactive.ts';
import { chatOnce } from '../chat/once.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, type Terminal, textOption, UsageError } from '../command.ts';
import { informedSoon, openEndpoint } from '../endpoint.ts';

/** Serves from every surface of Kimi, and stands for the general model there. */
const DEFAULT_MODEL = 'k25';
const DEFAULT_DATA = './.moongate';
/** As large a request as the gateway takes by default. */
const INPUT_LIMIT = 32 * 1024 * 1024;

export const chat: Command = {
  args: '[message...]',
  details: [
    'With a message, or when standard input or output is not a terminal, it answers once and leaves: the answer alone goes',
    'to standard output, everything else to standard error. A message that ends with `-` goes on with standard input.',
    'At a terminal it is a dialogue: /help lists its commands, Ctrl-C stops an answer, Ctrl-D leaves. Typed lines are kept',
    'in the data folder, readable by their owner alone, the last 500; --no-history keeps none.',
  ].join('\n'),
  options: [
    {
      flags: '--model <name>',
      summary: 'a model or an alias (default: models.default of the configuration, else k25)',
    },
    { flags: '--system <text>', summary: 'the system prompt' },
    { flags: '--no-stream', summary: 'ask for the answer as a whole' },
    { flags: '--no-history', summary: 'do not keep what is typed' },
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    { line: 'moongate chat --demo', what: 'try the chat without an account' },
    { line: 'moongate chat "What is a moon gate?"', what: 'one question' },
    { line: 'echo hi | moongate chat', what: 'the question from a pipe' },
    { line: 'git diff | moongate chat "Review this change:" -', what: 'a question about what comes through the pipe' },
  ],
  async run(terminal, values, args) {
    const isDialogue = args.length === 0 && terminal.stdin.isTTY && terminal.stdout.isTTY;
    const message = isDialogue ? '' : await messageOf(args, terminal.stdin);
    if (!isDialogue && message.trim() === '') throw new UsageError('There is no message: standard input is empty.');
    const endpoint = await openEndpoint(values);
    try {
      const model = textOption(values, 'model') ?? endpoint.config?.models.default ?? DEFAULT_MODEL;
      const conversation = new Conversation(model, textOption(values, 'system'));
      // A name nobody knows by heart: the surfaces' own lists tell what was meant.
      if (!isBuiltIn(model)) await informedSoon(endpoint);
      const stream = values['stream'] !== false;
      if (!isDialogue)
        return await chatOnce(terminal, endpoint, { model, messages: conversation.messages(message), stream });
      const data = textOption(values, 'data') ?? endpoint.config?.data ?? DEFAULT_DATA;
      const keep = values['history'] !== false;
      await chatInteractively({ terminal, endpoint, conversation, stream, data: keep ? data : undefined });
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};

const isBuiltIn = (model: string): boolean =>
  factsOf(model) !== undefined || ALIASES.some(({ name }) => name === model);

/** Standard input is read where it is named, or where there is nothing else: a program may have left it open for good. */
async function messageOf(args: readonly string[], stdin: Terminal['stdin']): Promise<string> {
  if (args.length === 0) return (await readAll(stdin)).trimEnd();
  if (args.at(-1) !== '-') return args.join(' ');
  return [args.slice(0, -1).join(' '), await readAll(stdin)]
    .filter((part) => part !== '')
    .join('\n\n')
    .trimEnd();
}

async function readAll(stdin: Terminal['stdin']): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > INPUT_LIMIT) throw new UsageError(`Standard input is larger than ${INPUT_LIMIT} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
