import type { CoverageSection } from './demand.ts';

const CHAT = 'test/search/openai-chat.test.ts';
const WISHES = 'test/search/wishes.test.ts';
const RESPONSES = 'test/search/responses.test.ts';
const MESSAGES = 'test/search/anthropic.test.ts';
const WEB = 'test/search/web-chat.test.ts';

export const SEARCH: CoverageSection = {
  title: 'Web search',
  rows: [
    {
      demand:
        'asked for by `web_search_options`, a tool, `-search` behind a name, or the configuration; else nobody searches',
      tests: [
        [WISHES, '%s'],
        [WISHES, 'the owner, for a model; and a request that says otherwise'],
        [WISHES, 'nobody: a plain request goes up as it came'],
      ],
    },
    {
      demand: 'by the platform’s Formula and by Kimi Code’s `/search` and `/fetch`, run inside the gateway',
      tests: [
        [CHAT, 'whole: one answer, its sources, the usage of both rounds'],
        [CHAT, 'streamed: one answer with one end'],
        [CHAT, 'what goes up: the functions beside the client’s, the thoughts and the result in the next round'],
        [WISHES, 'a page is read by Kimi Code’s own endpoint, and one that it refuses is told'],
      ],
      note: 'The tests of a protocol run on both.',
    },
    {
      demand: 'by the web chat itself',
      tests: [[WEB, 'the owner’s default asks it too, and a suffix tells it not to']],
    },
    {
      demand: 'sources as annotations, and in the words of Responses and Messages',
      tests: [
        [CHAT, 'whole: one answer, its sources, the usage of both rounds'],
        [RESPONSES, 'the search and its sources, stream $stream'],
        [MESSAGES, 'an answer with a search goes back up as a history'],
      ],
    },
    {
      demand: 'bounded in rounds and calls; each round is a call of the pool',
      tests: [
        [CHAT, 'rounds and searches are bounded'],
        [CHAT, 'a model that never stops searching is stopped'],
        [WISHES, 'each round is a call of its own, with the same credential, within the limits of its account'],
      ],
    },
    {
      demand: 'visible in notes, counted in usage and priced; a search that fails ends nothing',
      tests: [
        [CHAT, 'a search that fails is told to the model and noted, and the answer comes'],
        [CHAT, 'a model that takes no functions answers without a search, and says so, stream $stream'],
        [CHAT, 'without a declaration of the Formula the answer comes without a search, and says so'],
        [CHAT, 'whole: one answer, its sources, the usage of both rounds'],
        [
          'test/ledger/ledger.test.ts',
          'an answer that was searched for costs the tokens of its rounds, and its searches',
        ],
      ],
    },
    {
      demand: 'a demand is refused, with advice, where nobody on the route can search, and goes to whoever can',
      tests: [
        [WISHES, 'refuses a demand, with advice; leaves an offer out, and says so'],
        [WISHES, 'is passed over for one that can'],
      ],
    },
    {
      demand: 'at the command line',
      tests: [
        ['test/cli/commands.test.ts', 'what becomes of a search'],
        ['test/cli/commands.test.ts', 'a search that is demanded goes to whoever can search, or is refused'],
        [
          'test/cli/chat-piped.test.ts',
          '--search: the answer alone, its sources in the JSON; what cannot search is told of',
        ],
      ],
    },
  ],
};
