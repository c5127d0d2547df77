import { ALIASES } from '../src/models/aliases.ts';
import { MODELS, type ModelFacts } from '../src/models/facts.ts';
import { FOREIGN_FAMILIES } from '../src/models/foreign-families.ts';

const price = ({ prices }: ModelFacts) =>
  prices.map(({ currency, input, cached, output }) => `${currency} ${input} / ${cached} / ${output}`).join('<br>');

/** docs/models.md: the catalogue and the aliases with their sources. */
export function renderModels(): string {
  const live = MODELS.filter(({ retired }) => !retired).map(
    (model) =>
      `| \`${model.id}\` | ${model.surfaces.join(', ')} | ${model.context.toLocaleString('en')} | ${model.maxOutput.toLocaleString('en')} | ${model.thinking}${model.efforts.length > 0 ? ` (${model.efforts.join(', ')})` : ''} | ${model.input.join(', ')} | ${price(model)} | ${model.source} (${model.seen}) |`,
  );
  const retired = MODELS.flatMap(({ id, retired: gone, source, seen }) =>
    gone ? [`| \`${id}\` | ${gone.on} | \`${gone.successor}\` | ${source} (${seen}) |`] : [],
  );
  const aliases = ALIASES.map(
    ({ name, models, source }) => `| \`${name}\` | ${models.map((model) => `\`${model}\``).join(', ')} | ${source} |`,
  );
  const families = FOREIGN_FAMILIES.map(
    ({ pattern, tier, models, source }) =>
      `| \`${pattern}\` | ${tier} | ${models.map((model) => `\`${model}\``).join(', ')} | ${source} |`,
  );
  return `# Models and their names

What a surface's own model list says wins over this page: a model that is retired here but listed there is served as it
is. Prices are per million tokens: input / cached input / output. None of this was verified against the live service from
here; each row names its source and when that was seen. This page is made from the code: \`npm run docs\`.

## Live

| model | surfaces | context | largest answer | thinking | input | price | source |
|---|---|---:|---:|---|---|---|---|
${live.join('\n')}

## Retired

Asked for by name, they are served by the model in the third column, and \`x-moongate-model\` says so.

| model | gone since | served by | source |
|---|---|---|---|
${retired.join('\n')}

## Aliases

The first model that a configured surface can serve is taken. \`aliases\` in the configuration come before these. A
provider before a slash is taken off (\`moonshot/kimi-k2.6\`); the id of a configured surface before a slash chooses that
surface (\`moonshot-ai/kimi-k3\`).

| alias | stands for | source |
|---|---|---|
${aliases.join('\n')}

## Names of other vendors

Clients that have other vendors' names built in work as they are. The first row that fits a name counts, and of its models
the first that a configured surface can serve. Each row is of one of three kinds, for which the configuration may name
another model; a pattern among \`aliases\` goes before all of this and may be as fine as wanted. \`x-moongate-model\`
tells which it was: \`because=tier:sonnet\`, \`because=pattern:gpt-5*\`.

\`\`\`yaml
model_tiers: { opus: kimi-k3.1-pro, sonnet: kimi-for-coding, haiku: kimi-k2.6 }
aliases: { "gpt-5*": kimi-k3, "claude-3-*": moonshot-ai/kimi-k2.6 }
\`\`\`

A name in either that leads to no known model is an error at start; a model that only a surface's own list knows is
written with its surface (\`moonshot-cn/kimi-k4\`).

| pattern | kind | stands for | source |
|---|---|---|---|
${families.join('\n')}
`;
}
