import type { CoverageSection } from './demand.ts';

const CUTS = 'test/replay/cuts.test.ts';
const WEB = 'src/upstreams/kimi-web/kimi-web.test.ts';
const PARTS = 'src/upstreams/kimi-web/parts.test.ts';
const READERS = 'src/upstreams/kimi-web/readers.property.test.ts';
const RIG = 'test/surfaces/kimi-web.test.ts';
const CONFIG = 'src/config/credentials.test.ts';
const FALLING = 'test/failures/fallback.test.ts';
const ODD = 'test/failures/odd-surfaces.test.ts';

export const STREAMS: CoverageSection = {
  title: 'Streams are exact',
  rows: [
    {
      demand: 'each kind of surface and each face has a recorded stream',
      tests: [[CUTS, 'every kind of surface and every face has a recording, which says how it was made']],
    },
    {
      demand: 'cut at every byte: text, reasoning, calls, usage and end are exact for clients of all three protocols',
      tests: [
        [CUTS, 'cut once, at every byte'],
        [CUTS, '%s, uncut and cut at every byte'],
        [READERS, 'is read exactly with a cut at every byte'],
      ],
      note: 'With CR LF, packed bodies and packed frames. In a packed body every byte of the packed bytes is a place to cut.',
    },
    {
      demand: 'in pieces of 1 to 7 bytes, and of any sizes',
      tests: [
        [CUTS, '%s, in pieces of 1 to 7 bytes'],
        [CUTS, 'in pieces of any sizes'],
        [READERS, 'is read exactly in pieces of 1 to 7 bytes'],
        ['src/upstreams/kimi-code/kimi-code.test.ts', 'a stream cut every %i bytes, with comments and CRLF'],
        ['test/failures/streams.test.ts', '"$form", split $split: the text is exact'],
      ],
    },
    {
      demand: 'gzip that nobody asked for',
      tests: [
        [ODD, 'gzip that nobody asked for, stream $stream: is unpacked'],
        [ODD, 'an encoding that nobody knows, stream $stream: a clear error'],
        [READERS, 'what arrives is passed on before the end'],
        [READERS, 'cut or broken bytes are failures'],
      ],
    },
  ],
};

export const WEB_ADAPTER: CoverageSection = {
  title: 'The web chat',
  rows: [
    {
      demand: 'kinds of token told apart, claims read, only `kimi-auth` taken from a cookie',
      tests: [
        [PARTS, 'kinds and claims'],
        [PARTS, 'every form in which they are pasted'],
        [WEB, 'an access token alone, in a cookie, works until its end'],
      ],
    },
    {
      demand: 'a key of the platform is refused at start; several tokens with spaces are taken',
      tests: [
        [CONFIG, '%s is refused at start, and not shown'],
        [CONFIG, 'each fills its surface; several keys, spaces, quotes and doubles are forgiven'],
        [WEB, 'an API key is refused before it is sent anywhere'],
      ],
    },
    {
      demand: 'one renewal at a time, ahead of the end',
      tests: [
        [WEB, 'are renewed ahead of their end, once for all who wait, and told before they are used'],
        [WEB, 'a refused access token is replaced and the call made once more'],
        [WEB, 'the older endpoint renews where the newer is absent'],
      ],
    },
    {
      demand: 'new tokens are written whole and found by the next start',
      tests: [
        [WEB, 'what was written is remembered by the next start; what was used elsewhere is dead'],
        [RIG, 'renewed tokens survive a restart, in a file of the owner’s'],
      ],
    },
    {
      demand: 'a conversation goes on in its own chat, hangs on the last answer, and is told when it is lost',
      tests: [
        [WEB, 'a conversation goes on where it was'],
        [
          'src/simulator/kimi-web/kimi-web.test.ts',
          'Connect conversations hang on the last answer, and nobody else may join',
        ],
      ],
      note: 'The part of the surface. Which conversation of a caller that is, is kept above it.',
    },
    {
      demand: 'without a conversation: system and history in one prompt, with role marks',
      tests: [
        [WEB, 'system and history are sent'],
        [PARTS, 'marks for every role, instructions first'],
      ],
    },
    {
      demand: 'chats are deleted only if that is configured, and only those of stateless calls',
      tests: [
        [WEB, 'cleans up after stateless calls only'],
        [WEB, 'a chat that was made for a call that failed is deleted too'],
      ],
    },
    {
      demand: 'search is on by default; suffixes and members of the request; `k2` and `k1.5` by a table',
      tests: [
        [WEB, 'switches in the name and in the request'],
        [PARTS, 'suffixes in any order'],
        [RIG, '%s is served: suffixes in any order, and every name of the table'],
        [WEB, 'models of the surface’s own list are served'],
      ],
    },
    {
      demand: 'sources as annotations, as text on request',
      tests: [
        [WEB, 'an answer: role first, thinking, text, sources, an estimate of the usage'],
        [WEB, 'switches in the name and in the request'],
        [WEB, 'private citation marks are taken out wherever they are cut'],
      ],
    },
    {
      demand: 'parsers work on bytes; no echo, nothing lost, nothing twice',
      tests: [
        [CUTS, '%s, uncut and cut at every byte'],
        [WEB, 'the prompt is never shown and never read as a protocol'],
        [PARTS, 'whatever the changes, appended text is never lost'],
        [PARTS, 'blocks inside of messages repeat what block frames say, and blocks after an echo are the echo’s'],
      ],
    },
    {
      demand: 'failures are told by identifiers and never by words',
      tests: [
        [PARTS, 'failures are told by identifiers, never by words'],
        [WEB, '%s is %s, as a status, with status 200, and inside the stream'],
      ],
    },
    {
      demand: 'an empty stream is an error, a bare end a cut',
      tests: [[WEB, 'ends that are none']],
    },
    {
      demand: 'the status is decided before the first byte; other tries only before any output',
      tests: [
        [WEB, 'ends that are none'],
        [WEB, 'a failure after some text is thrown behind the text'],
        [FALLING, 'nothing is tried again after the first event'],
      ],
    },
    {
      demand: 'usage is estimated, marked so, never zero',
      tests: [
        [WEB, 'an answer: role first, thinking, text, sources, an estimate of the usage'],
        [PARTS, 'usage is never zero'],
      ],
    },
    {
      demand: 'client tools: refused with the surfaces that have them, or emulated, held back and checked',
      tests: [
        [RIG, 'tools are refused with the surfaces that have them'],
        [WEB, 'emulated tools: a call comes back as tool_calls, its result as text'],
        [PARTS, 'calls are found in any cutting, with a fence around them, and invented results are dropped'],
      ],
    },
    {
      demand: 'what the surface has no member for is done by the gateway, or told',
      tests: [
        [RIG, 'stop is applied by the gateway, streamed and whole, and the header says so'],
        [RIG, 'an answer that the client began is to be continued, in words'],
        [RIG, 'a response format is asked for in words, and a note says that it is no more than that'],
      ],
    },
    {
      demand: 'both generations; the newer first, the older remembered where it is absent',
      tests: [
        [WEB, 'Connect first; where it is absent the older one, remembered for the credential'],
        [WEB, 'not after a refusal of another kind, and an address without either says so'],
      ],
    },
    {
      demand: 'off until a token is configured, with a notice; two calls at a time',
      tests: [
        [
          'test/surfaces/promises.test.ts',
          'the web chat is off until a token is there, and says what its owner should know',
        ],
      ],
    },
  ],
};

export const FALLBACK: CoverageSection = {
  title: 'The fallback',
  rows: [
    {
      demand: 'any OpenAI-compatible endpoint, with a map of models, where the chain reaches it',
      tests: [
        [FALLING, 'the next surface serves where the first has nobody left'],
        [
          'test/surfaces/promises.test.ts',
          'the chain reaches the fallback under its own model name, and header and log say why',
        ],
      ],
    },
    {
      demand: 'the reason for the switch in the log and in `x-moongate-fallback`',
      tests: [
        [
          'test/surfaces/promises.test.ts',
          'the chain reaches the fallback under its own model name, and header and log say why',
        ],
      ],
    },
  ],
};
