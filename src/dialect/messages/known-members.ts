import { type RequestRepair, without } from '../rule.ts';
import { isMembers } from './members.ts';

/** Members of Anthropic's own service (https://docs.claude.com/en/api/messages and its betas, November 2026). */
const FOREIGN = ['service_tier', 'container', 'mcp_servers', 'inference_geo', 'speed', 'cache_control'];

/** What is not here goes up: the faces are documented to ignore what they do not know. */
export const knownMembers: RequestRepair = {
  reads: [...FOREIGN, 'tool_choice'],
  trigger: { members: [...FOREIGN, 'tool_choice'] },
  apply(request, { note }) {
    const present = FOREIGN.filter((member) => member in request);
    if (present.length > 0) note(`${present.join(', ')} left out`);
    const choice: unknown = request.tool_choice;
    if (!isMembers(choice) || !('disable_parallel_tool_use' in choice)) return without(request, present);
    const { disable_parallel_tool_use: alone, ...plain } = choice;
    if (alone === true) note('tool_choice.disable_parallel_tool_use left out, there is no such switch');
    return { ...without(request, present), tool_choice: plain };
  },
};
