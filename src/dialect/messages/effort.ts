import type { ModelFacts } from '../../models/facts.ts';
import { wishOf } from '../reasoning/thinking-wish.ts';
import type { RequestRepair } from '../rule.ts';
import { isMembers, type Members } from './members.ts';

/** All five of Anthropic's words were taken live (NousResearch/hermes-agent PR 67231, July 2026). */
const TAKEN: readonly unknown[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/**
 * Who speaks of thinking gets an effort said where the model has any: with `adaptive` alone k3 thinks hardly at all (mean of 11 tokens,
 * against 156 with effort high; clacky-ai/openclacky PR 389). Budgets become efforts, which is what Kimi has; where
 * thinking cannot be switched off, the weakest effort stands for that.
 */
export const statedEffort: RequestRepair = {
  reads: ['thinking', 'output_config'],
  trigger: { members: ['thinking', 'output_config'] },
  apply(request, { situation: { model }, note }) {
    if (model === undefined) return request;
    const config: Members = isMembers(request['output_config']) ? request['output_config'] : {};
    const isOff = request.thinking?.type === 'disabled';
    const effort =
      isOff && model.thinking === 'toggle' ? undefined : effortFor(model, config['effort'], wishOf(request).level);
    const isSame = effort === config['effort'];
    const mustThink = isOff && model.thinking === 'always';
    if (isSame && !mustThink) return request;
    const { effort: _asked, ...others } = config;
    const stated = { ...others, ...(effort === undefined ? {} : { effort }) };
    if (!isSame) note(`effort ${effort === undefined ? 'left out, the model has none' : `${effort} stated`}`);
    if (mustThink) note('thinking cannot be switched off');
    const { output_config: _config, thinking, ...rest } = request;
    return {
      ...rest,
      ...(thinking === undefined ? {} : { thinking: mustThink ? { type: 'enabled' } : thinking }),
      ...(Object.keys(stated).length > 0 ? { output_config: stated } : {}),
    };
  },
};

function effortFor({ efforts }: ModelFacts, asked: unknown, level: string | undefined): unknown {
  if (efforts.length === 0) return undefined;
  if (TAKEN.includes(asked) && level !== 'none') return asked;
  if (level === 'none' || level === 'minimal') return efforts[0];
  if (level !== undefined) return efforts.includes(level) ? level : 'high';
  return efforts.includes('high') ? 'high' : efforts.at(-1);
}
