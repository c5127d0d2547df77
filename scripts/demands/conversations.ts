import type { CoverageSection } from './demand.ts';

const TURNS = 'test/conversations/turns.test.ts';
const SURFACES = 'test/conversations/surfaces.test.ts';
const NATIVE = 'test/conversations/native.test.ts';
const MANAGING = 'test/conversations/managing.test.ts';
const RETENTION = 'test/conversations/retention.test.ts';
const OVERFLOW = 'test/conversations/overflow.test.ts';
const KEYED = 'test/conversations/keys.test.ts';
const LATE = 'test/conversations/late.test.ts';

export const CONVERSATIONS: CoverageSection = {
  title: 'Conversations',
  rows: [
    {
      demand: 'by path, body and header, in every protocol; only what is new is sent',
      tests: [
        [TURNS, 'by the path, the header and the body; the gateway chooses the id for `new`'],
        [TURNS, 'what is no id, and two ids, are refused'],
        [TURNS, 'clients of Messages and of Responses go on in it by the header'],
        [TURNS, 'tool calls and reasoning come back as the surface gave them'],
        [SURFACES, 'the second turn knows the first, stream $stream'],
      ],
    },
    {
      demand: 'on the web chat the native chat goes on; when it or its token is gone, as `on_lost` says',
      tests: [
        [SURFACES, 'only the new turn is sent, in the same chat'],
        [NATIVE, 'that is gone: an error by default, and the conversation is as it was'],
        [NATIVE, 'that is gone: the history is told to a new one where that is wanted'],
        [NATIVE, 'whose token is gone'],
        [NATIVE, 'that does not know the history any more gets all of it anew'],
      ],
    },
    {
      demand: 'one turn at a time: queued up to a limit, then 409 with Retry-After',
      tests: [
        [TURNS, 'turns wait in their order; beyond the queue and the wait they are refused'],
        [KEYED, 'and leave nothing taken when they leave the line, or are sent away'],
      ],
    },
    {
      demand: 'a cut answer is remembered as such; a retry under the same Idempotency-Key does not double its turn',
      tests: [
        [TURNS, 'what was delivered is remembered, and the conversation goes on behind it'],
        [TURNS, 'a retry of the same turn takes its place, and is told again when it was answered'],
        [TURNS, 'a surface that stops half-way leaves what it said; one that says nothing leaves nothing'],
        [MANAGING, 'a new answer that is asked for twice under one Idempotency-Key is given once'],
        [LATE, 'a client that leaves before its answer is there holds the conversation no longer'],
      ],
    },
    {
      demand: 'listed, searched, forked at a message, edited, answered anew, exported, deleted',
      tests: [
        [MANAGING, 'the list: pages by last use, and a search in titles, ids and messages'],
        [MANAGING, 'a fork has what came before, and both go on by themselves'],
        [MANAGING, 'a message is edited in its place, or with what stands behind it taken away'],
        [MANAGING, 'another answer takes the place of the last one, or of an earlier one and all behind it'],
        [MANAGING, 'what was said elsewhere can be brought in, renamed, exported and deleted'],
        [
          'test/conversations/model.property.test.ts',
          'whatever is done to conversations, they are what a simple model says',
        ],
        ['test/cli/conversations.test.ts', 'conversations of a running gateway: list, show, export, fork, delete'],
      ],
    },
    {
      demand: 'kept within numbers, sizes and ages, by defaults of the configuration',
      tests: [
        [RETENTION, 'an owner keeps so many; those that were not used for longest go'],
        [RETENTION, 'an owner keeps so many bytes, and one conversation so many'],
        [RETENTION, 'all owners together keep so many'],
        [RETENTION, 'they are forgotten in their time by a gateway that nobody asks for conversations any more'],
        [MANAGING, 'no edit makes a conversation larger than one may be'],
      ],
    },
    {
      demand: 'a history that outgrows the window: error, truncated or summarised, and told',
      tests: [
        [OVERFLOW, 'error: the surface refuses, with the way out; nothing is remembered of the turn'],
        [OVERFLOW, 'truncate: the oldest turns stay at home, and the answer says so'],
        [OVERFLOW, 'summarise: a summary stands for the oldest turns, and is used again'],
      ],
    },
    {
      demand: 'they belong to the key that made them: for any other they do not exist',
      tests: [
        [KEYED, 'another key cannot see, change, continue or end it: 404, as if it did not exist'],
        [KEYED, 'whose conversation it is: for another key it does not exist, and the same id is another one'],
        [KEYED, 'a key that was rotated keeps its conversations; one that was revoked opens none'],
      ],
    },
  ],
};
