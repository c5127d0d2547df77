import type { CoverageSection } from './demand.ts';

const WEB_SIM = 'src/simulator/kimi-web/kimi-web.test.ts';
const WEB = 'src/upstreams/kimi-web/kimi-web.test.ts';
const PLATFORM = 'src/simulator/platform/platform.test.ts';
const CODE = 'src/simulator/kimi-code/kimi-code.test.ts';
const REFUSALS = 'src/simulator/chat/refusals.test.ts';
const STREAM = 'src/simulator/chat/stream.test.ts';
const SCRIPT = 'src/simulator/script/script.test.ts';
const ACCOUNT = 'src/simulator/accounts/account.test.ts';
const FILES = 'src/simulator/platform/files.test.ts';
const DEVICES = 'src/simulator/kimi-code/device-logins.test.ts';
const RESPONSES = 'src/simulator/responses/responses.test.ts';
const BATCHES = 'src/simulator/platform/batches.test.ts';

export const OFFICIAL_SIMULATOR: CoverageSection = {
  title: 'The simulator of the platform and of Kimi Code',
  rows: [
    {
      demand: 'two hosts and two regions with keys and balances of their own; a key of the other is a 401',
      tests: [
        [PLATFORM, 'two hosts, two sets of keys'],
        [PLATFORM, 'the balance'],
        [CODE, 'two regions, two sets of keys'],
      ],
    },
    {
      demand: 'six ids on each; retired ones are a 404 with the vendor’s sentence; entitlements of the account',
      tests: [
        [PLATFORM, 'the model list, and what an account may not see of it'],
        [PLATFORM, '%s is not there'],
        [PLATFORM, 'a locked model is not there either'],
        [CODE, 'models, size and effort'],
      ],
    },
    {
      demand: 'fixed sampling, stop, number and names of tools, schemas, tool_choice, tools in messages',
      tests: [
        [REFUSALS, 'refuses %s'],
        [REFUSALS, 'accepts %s'],
        ['src/simulator/mfjs/validate-mfjs.test.ts', 'names every subschema that is wrong'],
      ],
    },
    {
      demand: 'refusals of the structure: reasoning, empty messages, pairs, ids, roles, picture URLs',
      tests: [[REFUSALS, 'refuses %s']],
    },
    {
      demand: 'grammar of streams: usage in the closing choice, usage chunk, reasoning first, tiny pieces, fingerprint',
      tests: [
        [STREAM, 'a stream has the recorded grammar'],
        [STREAM, 'include_usage adds a chunk without choices and nulls before it'],
      ],
    },
    {
      demand: 'error chunks and stalls on order',
      tests: [
        [SCRIPT, 'streams that end badly'],
        [SCRIPT, 'a stall keeps the connection and says nothing'],
      ],
    },
    {
      demand: 'cached prefixes in blocks of 256 tokens with a lifetime, by effort on the platform only',
      tests: [
        [ACCOUNT, 'a prefix is cached in blocks of 256 tokens, by effort, for five minutes after its last use'],
        [CODE, 'the cache is shared with the chat face, and counted in Anthropic’s way'],
      ],
    },
    {
      demand: 'limits of the organisation with Retry-After',
      tests: [
        [ACCOUNT, 'requests a minute, shared by the keys of an account'],
        [ACCOUNT, 'requests at once, with the older sentence'],
        [ACCOUNT, 'tokens a minute and a day'],
      ],
    },
    {
      demand: 'faults by name: overload, quota, 402, each 403, 500, 503, a page of HTML with 504',
      tests: [
        [SCRIPT, 'every fault by name'],
        [CODE, 'what else may stand against a request'],
      ],
    },
    {
      demand: 'Kimi Code: agents are checked on the OpenAI face only; models for everybody; usages, me, search, fetch',
      tests: [
        [CODE, '%s: %i'],
        [CODE, 'the name of Anthropic’s own SDK is told that the engine is busy'],
        [CODE, 'quotas run out and begin anew, and /usages shows it'],
        [CODE, 'me, search, fetch'],
      ],
    },
    {
      demand: 'the log-in of devices by OAuth',
      tests: [
        [DEVICES, 'a device logs in: pending, then tokens that are let in; the code works once'],
        [DEVICES, 'refresh tokens rotate, and one that was used is refused'],
        [DEVICES, 'who asks too often is slowed down, a refusal and the end of the time are told'],
      ],
      note: 'The gateway itself takes keys and does not log in: the one known client id belongs to the vendor’s own client, and there is no registration for others.',
    },
    {
      demand: 'the Anthropic face with its accounting and mixed shapes of errors',
      tests: [
        [CODE, 'a stream has the grammar'],
        [CODE, 'refuses %j in Anthropic’s shape'],
        [CODE, 'accidents'],
        [CODE, 'the platform has one too'],
      ],
    },
    {
      demand: 'the platform’s Responses face',
      tests: [
        [RESPONSES, 'a whole answer: a thought, a message, a call; the input counts what was cached'],
        [RESPONSES, 'a stream has the grammar, and its end has the whole'],
        [RESPONSES, 'refuses tools, items and formats that it does not know, as it was seen to'],
      ],
      note: 'No surface is asked on it: responses are the gateway’s own, and go up as chat or as Messages.',
    },
    {
      demand: 'files in both shapes, by header',
      tests: [
        [FILES, 'upload, list, read, delete'],
        [FILES, 'the newer shape, by its header'],
      ],
    },
    {
      demand: 'balance and token estimates',
      tests: [
        [PLATFORM, 'the balance'],
        [PLATFORM, 'the token count agrees with the usage'],
      ],
    },
    {
      demand: 'batches with their states',
      tests: [
        [BATCHES, 'from validating to completed, a step each time somebody looks'],
        ['test/files/batches.test.ts', 'from the input to the output'],
      ],
    },
  ],
};

export const WEB_SIMULATOR: CoverageSection = {
  title: 'The simulator of the web chat',
  rows: [
    {
      demand: 'accounts with tokens whose time a test moves; refused in the words of either protocol',
      tests: [[WEB_SIM, 'a token lives for 15 minutes, and both protocols say so in their own way']],
    },
    {
      demand: 'both endpoints renew, both tokens change, a used one is refused',
      tests: [[WEB_SIM, 'both refresh endpoints rotate, and a token that was used is refused']],
    },
    {
      demand: 'chats with an owner: deleted and foreign ones, a turn over another, the research quota',
      tests: [[WEB_SIM, 'deleted and foreign chats, overlap, research quota']],
    },
    {
      demand: 'blocked accounts, and every other refusal',
      tests: [[WEB_SIM, 'every fault, in both protocols']],
    },
    {
      demand: 'the model list, deletion',
      tests: [
        [WEB, 'models of the surface’s own list are served'],
        [WEB, 'cleans up after stateless calls only'],
      ],
    },
    {
      demand: 'JSON without an envelope is refused in the end frame',
      tests: [[WEB_SIM, 'a bare JSON body is refused in the end-of-stream frame']],
    },
    {
      demand: 'both streams as captured, the echo first',
      tests: [
        [WEB_SIM, 'the classic stream: echo, answer id, search, thinking, text, citations, ends'],
        [WEB_SIM, 'the Connect stream: chat id first, the echo, then the first text as a set'],
      ],
    },
    {
      demand: 'files and pictures',
      tests: [
        [WEB, 'what the web cannot do is refused with 400'],
        [
          'test/surfaces/kimi-web.test.ts',
          'what it cannot do goes to the next surface that can, and says nothing about the credential',
        ],
      ],
      note: 'Not simulated: the gateway never sends them there, because each generation uploads them in other steps.',
    },
    {
      demand: 'on order: pieces of n bytes, CR LF, gzip',
      tests: [[WEB, 'the text is exact with %s']],
    },
    {
      demand: 'on order: `done` in the middle, missing end marks, a cut after so many frames',
      tests: [[WEB, 'ends that are none']],
    },
    {
      demand: 'on order: an error after some text, text withdrawn, heartbeats',
      tests: [
        [WEB, 'a failure after some text is thrown behind the text'],
        [WEB, 'withdrawn text ends as content_filter, and its sentence is not shown'],
        [WEB, 'heartbeats keep a slow answer alive, silence ends it'],
      ],
    },
    {
      demand: 'on order: empty and packed frames, odd flags, a giant length, a second set, another answer’s id',
      tests: [[WEB, 'other answers, tools of the server, second sets, odd frames']],
    },
    {
      demand: 'prompts that look like the protocol; citation marks cut in two',
      tests: [
        [WEB, 'the prompt is never shown and never read as a protocol'],
        [WEB, 'private citation marks are taken out wherever they are cut'],
      ],
    },
    {
      demand: 'on order: the output limit, 429 with and without Retry-After, redirects',
      tests: [
        [WEB, 'the output limit'],
        [WEB, 'limits, with and without Retry-After; redirects are not followed'],
      ],
    },
  ],
};
