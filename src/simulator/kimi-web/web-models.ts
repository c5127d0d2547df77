/** `GetAvailableModels` in the shape that captures of 2026-09 show; names and knobs are those of its date. */
export const AVAILABLE_MODELS = {
  availableModels: [
    {
      scenario: 'SCENARIO_CHAT',
      displayName: 'K2.6 Instant',
      id: 'k2d6-chat',
      key: 'k2d6-chat',
      thinking: false,
      reasoningEffortOptions: [],
      contextLengthOptions: [],
    },
    {
      scenario: 'SCENARIO_CHAT',
      displayName: 'K2.6 Thinking',
      id: 'k2d6-chat',
      key: 'k2d6-chat-thinking',
      thinking: true,
      reasoningEffortOptions: ['REASONING_EFFORT_LOW', 'REASONING_EFFORT_HIGH'],
      contextLengthOptions: [],
    },
    {
      scenario: 'SCENARIO_OK_COMPUTER',
      displayName: 'K3 Agent',
      id: 'k3-agent',
      key: 'k3-agent',
      thinking: true,
      kimiPlusId: 'ok-computer',
      agentMode: 'TYPE_NORMAL',
      reasoningEffortOptions: [],
      contextLengthOptions: [],
      minMembershipLevel: 'LEVEL_BASIC',
    },
  ],
  defaultScenario: { scenario: 'SCENARIO_CHAT', model: 'k2d6-chat' },
} as const;

/** What the server was seen to know, by the date of the newest source; another one is an invalid argument. */
export const KNOWN_SCENARIOS: readonly string[] = [
  'SCENARIO_K2',
  'SCENARIO_K2D5',
  'SCENARIO_CHAT',
  'SCENARIO_OK_COMPUTER',
  'SCENARIO_OK_COMPUTER_SWARM',
];
