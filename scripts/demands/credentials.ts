import type { CoverageSection } from './demand.ts';

const CODE = 'src/upstreams/kimi-code/kimi-code.test.ts';
const CODE_RIG = 'test/surfaces/kimi-code.test.ts';
const ATLAS = 'test/surfaces/atlas.test.ts';
const QUOTAS = 'test/pool/quotas.test.ts';
const FAILOVER = 'test/pool/failover.test.ts';
const CONFIG = 'src/config/credentials.test.ts';
const PROMISES = 'test/surfaces/promises.test.ts';
const POOL_TEST = 'src/credentials/pool.test.ts';
const ADMIN = 'test/http/admin.test.ts';
const REPLICAS = 'test/pool/replicas.test.ts';
const RESTART = 'test/pool/restart.test.ts';
const HUB = 'src/chat/anthropic/hub-round-trip.test.ts';
const STRATEGIES = 'src/credentials/strategies/strategies.test.ts';
const CHAOS = 'test/pool/chaos.test.ts';

export const KIMI_CODE: CoverageSection = {
  title: 'Kimi Code',
  rows: [
    {
      demand: 'both faces, streamed and whole; both regions',
      tests: [
        [CODE, 'a stream cut every %i bytes, with comments and CRLF'],
        [CODE, 'a whole answer'],
        [CODE, 'the models; the keys of a region are its own'],
      ],
    },
    {
      demand: 'the names of earlier models are aliases',
      tests: [[PROMISES, 'the earlier names of Kimi Code’s models still answer']],
    },
    {
      demand: '`KIMI_API_KEY` before `KIMICODE_API_KEY`; a key of another product is refused at start with advice',
      tests: [
        [CONFIG, 'KIMI_API_KEY counts before KIMICODE_API_KEY, unless it is empty'],
        [CONFIG, 'a key in the wrong place or shape is named without being shown: %#'],
      ],
    },
    {
      demand: 'honest by default: own name on the open face, a known agent’s own name on the other',
      tests: [
        [CODE, '%j, called by %s: %s as %s'],
        [CODE_RIG, 'an unknown client is served over the Anthropic face, streamed and whole'],
        [CODE_RIG, 'an agent that names itself and is known goes up under its own name on the OpenAI face'],
      ],
    },
    {
      demand: '`KimiCLI/<version>` by the operator’s choice, for the surface or one credential; further headers',
      tests: [
        [CODE_RIG, 'the operator may choose KimiCLI on the OpenAI face'],
        [CODE_RIG, 'and for one credential only'],
        [CODE, 'the operator’s own header wins; both ways of writing the address are meant'],
      ],
    },
    {
      demand: 'the refusal of unknown clients names the ways out, and nothing is tried under another name',
      tests: [
        [CODE, 'a name that nobody knows is refused with the ways out, and nothing is tried under another'],
        [
          FAILOVER,
          'a name that the vendor does not let in is not tried with every key, but with one that calls under another',
        ],
      ],
    },
    {
      demand: '`moongate doctor --user-agents` states the risk, asks, tries and advises',
      tests: [
        ['test/cli/credentials.test.ts', 'states the risk, asks, tries, and says what to configure'],
        ['test/cli/credentials.test.ts', 'at a terminal it asks first: no means that nothing is sent'],
        ['src/cli/doctor/user-agents.test.ts', 'the honest ways come first, and only named versions are tried'],
      ],
    },
    {
      demand: 'the meanings of 402, 403 and 429',
      tests: [[ATLAS, '$row.id on $place: $message']],
    },
    {
      demand: '`/usages` is read seldom, shown, and keeps an account at its limit from being asked until the reset',
      tests: [
        [QUOTAS, 'a subscription whose window is used up rests until the reset, and nobody is sent there to find out'],
        [
          QUOTAS,
          'while it is used, the quota is looked at seldom; a limit that is reached is kept before anybody meets it',
        ],
        [QUOTAS, 'a quota that begins anew early is noticed by the next look, not at the time that was told'],
      ],
    },
    {
      demand: 'two MiB of messages are noticed before anything is sent',
      tests: [
        [CODE, 'two MiB are refused before anything is sent'],
        [
          FAILOVER,
          'a request beyond two MiB goes to a surface that takes it, without being sent to the one that does not',
        ],
      ],
    },
    {
      demand:
        'nothing is lost between the hub and Anthropic’s shape: text, reasoning, tools, pictures, usage, ends, prefill',
      tests: [
        [HUB, 'a request keeps text, reasoning, tools, images and prefill'],
        [HUB, 'an answer keeps text, reasoning, calls, usage and its end'],
        [HUB, 'a stream keeps them too'],
        ['src/chat/anthropic/round-trip.test.ts', 'a request keeps every field'],
      ],
    },
    {
      demand: 'JSON mode on the Anthropic face, which has none, is asked for in words, and a note says so',
      tests: [[CODE_RIG, 'JSON without a schema is asked for in words on the Anthropic face, and a note says so']],
    },
  ],
};

export const POOL: CoverageSection = {
  title: 'The pool',
  rows: [
    {
      demand: 'strategies: in turn, least busy, weighted, sticky',
      tests: [
        ['test/pool/strategies.test.ts', 'round robin, the default: everybody in turn'],
        ['test/pool/strategies.test.ts', 'least busy: nobody gets a second call while another has none'],
        ['test/pool/strategies.test.ts', 'weighted, by what the credentials say'],
        ['test/pool/strategies.test.ts', 'sticky: a caller stays with an account, and callers spread'],
        [
          'test/pool/strategies.test.ts',
          'sticky: each conversation of a caller has an account of its own, over all of them',
        ],
        [POOL_TEST, 'lends in turn, and passes over who is to be avoided while there is another'],
        [STRATEGIES, 'least busy: the account with the fewest calls in flight, not the key'],
        [STRATEGIES, 'weighted: shares by weight, spread evenly, and weight 0 only when nobody else can'],
        [STRATEGIES, 'sticky: a key stays with its account; removing one moves only its own keys; a full one spills'],
      ],
    },
    {
      demand: 'limits belong to the account: concurrency, requests, tokens reserved and settled, learned',
      tests: [
        [POOL_TEST, 'keys of one account share one gate, and the same name on another surface does not'],
        [POOL_TEST, 'tokens are reserved by the cap and settled by what the answer cost'],
        [POOL_TEST, 'limits are learned from the sentence that names them'],
        [POOL_TEST, 'a surface that tells its limits in headers is believed, downwards'],
        ['test/pool/surfaces.test.ts', 'tier, own limits and the surface’s concurrency make the limits of an account'],
      ],
    },
    {
      demand: 'accounts are learned from the vendor’s errors and from `/me`',
      tests: [
        [
          'src/credentials/account.test.ts',
          'are one account when the vendor names the same organisation: limits, rests and calls under way are shared',
        ],
        [QUOTAS, 'keys of one subscription turn out to be one account by /me, and share its thirty places'],
      ],
    },
    {
      demand: 'fair between inbound keys, with deadlines, bounded',
      tests: [
        [POOL_TEST, 'owners get places in turn, whatever many calls one of them has'],
        [POOL_TEST, 'whoever waits too long is told so; whoever leaves makes room at once'],
        ['src/credentials/admission.property.test.ts', 'an owner with few calls is not starved by one with many'],
        ['test/pool/surfaces.test.ts', 'the queue is bounded, and what waits too long is told when to come back'],
      ],
    },
    {
      demand: 'one table of refusals, which the pool, the errors, the command line and the documentation read',
      tests: [
        ['src/atlas/atlas.test.ts', '$id is told in two languages, and how it was learned'],
        ['src/atlas/atlas.test.ts', '$id: what is done agrees with the error that it becomes'],
        [ATLAS, '$row.id on $place: $message'],
        [ADMIN, 'are counted, kept without what looks like a secret, and shown'],
      ],
    },
    {
      demand: 'what a failure does to a credential is a pure function',
      tests: [
        ['src/credentials/cool-down.test.ts', '%s with %o: %o'],
        [
          'src/credentials/cool-down.test.ts',
          'more failures never mean a shorter rest, nor does a longer pause that was asked for',
        ],
      ],
    },
    {
      demand: 'one call at a time proves a credential; far resets are looked at again, by hand and by success',
      tests: [
        [
          POOL_TEST,
          'a credential that is refused rests, is probed by one call, and rests for good when that is refused too',
        ],
        [POOL_TEST, 'a far reset is looked at again after half an hour, by one call at a time, which clears it'],
        [POOL_TEST, 'a test by hand that succeeds ends every rest, one that fails changes nothing'],
      ],
    },
    {
      demand: 'rests survive a restart and do not outlive their cause; added credentials are encrypted',
      tests: [
        [RESTART, 'who rests still rests after a restart, and no longer than the cause lasts'],
        [
          RESTART,
          'what was added, switched off and removed at run time is so after a restart; the secret lies nowhere in the clear',
        ],
      ],
    },
    {
      demand: 'replicas share places, rests and what was learned through the coordination engine, and go on without it',
      tests: [
        [REPLICAS, 'two replicas together have no more calls under way than the account may have, and no 429'],
        [
          REPLICAS,
          'a 429 that one replica met lets the credential rest in the others, later ones too, until one of them sees its end',
        ],
        [
          'test/pool/replicas-chaos.test.ts',
          'six credentials that fail at random before three replicas: no client sees it, and what one has met none of them asks',
        ],
        [REPLICAS, 'requests a minute and what an account turned out to be are one matter for all'],
        [REPLICAS, 'without Redis each replica counts for itself, and nobody is refused for it'],
        [REPLICAS, 'a quota that one replica has read is known to all; more replicas do not ask the vendor more often'],
        [
          REPLICAS,
          'Redis lost and found in mid-load: no request fails, and each replica keeps the limit for itself meanwhile',
        ],
        [
          'src/credentials/shared-gates.test.ts',
          'a replica that never gets a place because another one hands it on to itself is left one',
        ],
        [
          'src/credentials/shared-gates.test.ts',
          'one call of all replicas proves that a rest is over, and the others wait for what it finds',
        ],
        ['src/credentials/shared-gates.test.ts', 'tokens are reserved before and settled behind, for all'],
        ['src/credentials/shared-gates.test.ts', 'a pool that is alone lends without a promise'],
      ],
    },
    {
      demand: 'files and batches take no place of chat, and respect rests',
      tests: [
        [
          'src/credentials/errand.test.ts',
          'takes no place: a full account is asked all the same, and chat has all of its places',
        ],
        [
          'test/files/rests.test.ts',
          'a key that is refused for a file rests, for files and chat alike, and another account takes the upload',
        ],
      ],
    },
    {
      demand: 'a conversation or a file stays with whom it belongs to',
      tests: [
        [
          'test/conversations/native.test.ts',
          'a surface that is busy is no reason to go elsewhere with a conversation',
        ],
        ['test/conversations/native.test.ts', 'whose token is gone'],
        ['test/files/chat-files.test.ts', 'the call goes to the account in which they lie, whoever’s turn it is'],
        ['test/files/chat-files.test.ts', 'while their account rests, nobody else is asked'],
      ],
    },
    {
      demand: 'a key never crosses to another host',
      tests: [
        ['test/failures/odd-surfaces.test.ts', 'a redirect by %i is not followed, and the key stays'],
        [PROMISES, 'a refused key of one account system is not tried at the other'],
      ],
    },
    {
      demand:
        'another try only while nothing has reached the client, within a deadline, and not where all would refuse',
      tests: [
        ['test/failures/fallback.test.ts', 'nothing is tried again after the first event'],
        ['test/failures/fallback.test.ts', '%s is sent once'],
        ['src/pipeline/next.test.ts', 'after %s with %o: %o'],
      ],
    },
    {
      demand: 'a client that leaves is no failure of a credential',
      tests: [
        ['test/failures/hang-up.test.ts', '$name aborts the call to the surface'],
        [POOL_TEST, '%s is not the credential’s fault'],
      ],
    },
    {
      demand: 'credentials are added, removed, switched and tested at run time, by HTTP, command line and library',
      tests: [
        [ADMIN, 'one is added, serves, is switched off and on, tested, cleared, and goes'],
        [
          'test/cli/credentials.test.ts',
          'lists, adds from standard input, tests, switches and removes, against the running gateway',
        ],
      ],
    },
    {
      demand: 'the model list is what all usable credentials offer',
      tests: [['test/pool/surfaces.test.ts', 'the model list is what all usable credentials offer together']],
    },
    {
      demand: 'twelve credentials that fail in twelve ways, 2,000 requests: no client sees it',
      tests: [
        [
          CHAOS,
          'twelve credentials over all surfaces that fail in twelve ways: no client sees it, and none is asked while it should rest',
        ],
      ],
    },
    {
      demand: '95 % of what the accounts allow, without a 429',
      tests: [
        [
          'test/pool/saturation.test.ts',
          'requests a minute: two accounts are used to 95 % for ten minutes, and the surface refuses none',
        ],
        [
          'test/pool/saturation.test.ts',
          'calls at once, in real time: the places are taken 95 % of the time, and the surface refuses none',
        ],
      ],
    },
  ],
};
