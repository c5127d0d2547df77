/** Scripts and tools that every client's test plays. */

export const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'Its name' } },
    required: ['city'],
    additionalProperties: false,
  },
} as const;

/**
 * Three turns: two calls, each after some reasoning, then an answer. The calls have a text beside them because the
 * platform refuses a history with an empty one there.
 */
export const THREE_TURNS = `What is the weather in Beijing and in Paris?
\`\`\`sim
think First Beijing. 先查北京。
say One moment.
tool get_weather {"city": "Beijing"}
turn 2
think Now Paris.
say And one more.
tool get_weather {"city": "Paris"}
turn 3
think Both are there.
say Beijing is sunny, Paris is grey. 北京晴 🌞
\`\`\``;

export const ANSWER = 'Beijing is sunny, Paris is grey. 北京晴 🌞';

export const CITY_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 1 } },
  required: ['city', 'people'],
  additionalProperties: false,
} as const;
