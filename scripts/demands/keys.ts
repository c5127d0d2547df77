import type { CoverageSection } from './demand.ts';

const ISSUED = 'test/keys/issued-keys.test.ts';
const LIMITS = 'test/keys/limits.test.ts';
const BUDGETS = 'test/keys/budgets.test.ts';
const PRICES = 'test/keys/prices.test.ts';
const CLIENTS = 'test/keys/clients.test.ts';
const PROTOCOLS = 'test/keys/protocols.test.ts';
const KEYED = 'test/conversations/keys.test.ts';
const COMMANDS = 'test/cli/keys.test.ts';
const ADMIN = 'test/http/admin.test.ts';
const LOAD = 'src/config/load.test.ts';

export const KEYS: CoverageSection = {
  title: 'Inbound keys, limits and budgets',
  rows: [
    {
      demand:
        '`mg-…` keys, stored as digests, created, listed, rotated and revoked by the admin API and the command line',
      tests: [
        [ISSUED, 'are told once, and masked for ever after'],
        [ISSUED, 'a rotated one opens for its grace, the one before it no more; a revoked one at once'],
        [ISSUED, 'rules can be changed, and taken away'],
        [COMMANDS, 'without a gateway, in the database itself'],
        [
          COMMANDS,
          'of a gateway that others can reach: it starts with an issued key only, and is changed while it runs',
        ],
      ],
    },
    {
      demand: 'models and surfaces, requests and tokens in a minute, concurrency, budgets, expiry: in every protocol',
      tests: [
        [LIMITS, 'by name, by pattern, by what a name means'],
        [LIMITS, 'by surface and by route'],
        [PROTOCOLS, 'the models and surfaces of a key'],
        [PROTOCOLS, 'requests in a minute'],
        [PROTOCOLS, 'requests at once'],
        [PROTOCOLS, 'a budget'],
        [PROTOCOLS, 'its end'],
        [PROTOCOLS, 'a response goes on under the rules of its key, all of its history counted, and for no other key'],
      ],
    },
    {
      demand: 'the same for turns of conversations, by whatever way they are named',
      tests: [
        [KEYED, 'models and surfaces'],
        [KEYED, 'requests in a minute'],
        [KEYED, 'a budget'],
        [KEYED, 'expiry'],
        [KEYED, 'a turn that names no model is under the rules of the one that it goes on with'],
        [KEYED, 'what is set aside for a turn is all that goes up, not only what is new'],
        [KEYED, 'hold no place of their key: each has it in its turn, stream $stream'],
        [KEYED, 'an answer that is told again costs nothing, also when the budget and the minute are used up'],
        [KEYED, 'a summary that had to be written is paid by the key, and stands in the ledger'],
      ],
    },
    {
      demand: 'files and batches: with the surfaces of the key, counted where they are made, not past its rules',
      tests: [
        [PROTOCOLS, 'lie with the surfaces that the key may use, and nowhere else'],
        [PROTOCOLS, 'count as requests where they are made; a batch that would run past the rules is refused'],
        [PROTOCOLS, 'are closed to a key that has expired'],
        [LIMITS, 'a batch would run past the rules'],
      ],
    },
    {
      demand: '429 and 403 in the client’s own classes, with the time of the reset and the field’s headers',
      tests: [
        [CLIENTS, "OpenAI's client meets its own classes, with the headers that it knows"],
        [CLIENTS, "Anthropic's client meets its own classes and headers"],
        [CLIENTS, 'no client tries again for a budget that begins tomorrow'],
        [LIMITS, 'in the form of OpenAI, on answers and on refusals'],
      ],
    },
    {
      demand: 'limits hold exactly at once, in one process and over replicas',
      tests: [
        [LIMITS, 'requests in a minute'],
        [LIMITS, 'requests at once'],
        [LIMITS, 'tokens in a minute: set aside before, counted as they were behind'],
        [
          'test/keys/processes.test.ts',
          'three processes that share PostgreSQL and Redis hold one budget and one limit, for plain calls and for turns',
        ],
      ],
    },
    {
      demand:
        'what budgets count: by the owner’s days, by list prices, by prices of the owner’s, by what was delivered',
      tests: [
        [BUDGETS, 'days and months begin where the owner says; the refusal tells when'],
        [BUDGETS, 'costs in the other currency count by the rate of the configuration'],
        [BUDGETS, 'a client that leaves pays for what it got, and gives back the rest'],
        [PRICES, 'does not serve a key with a budget'],
        [PRICES, 'costs nothing by the token: a budget never ends it'],
        [PRICES, 'searches count in a budget as they do in the ledger'],
        [PRICES, 'an answer in Anthropic’s shape that its client left is counted by what was delivered'],
      ],
    },
    {
      demand: 'open on loopback without keys, refused elsewhere without them',
      tests: [
        [ISSUED, 'the first one closes a gateway that was open to this machine'],
        [LOAD, 'is refused without keys'],
        [LOAD, 'is allowed with those of the configuration, and with issued ones'],
      ],
    },
    {
      demand: 'admin paths need the admin key, but for single users on loopback; guessing locks out',
      tests: [
        [
          ADMIN,
          'not with an inbound key, a wrong key, or none; not with the admin key where inbound keys are asked for',
        ],
        [ADMIN, 'this machine without a key, where nobody else can call'],
        [ADMIN, 'guessing is slow: after five wrong keys the right one waits too, and then a success forgets them'],
        [ISSUED, 'who guesses is not listened to for a while; who has a key is'],
      ],
    },
  ],
};
