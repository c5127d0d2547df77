import { type RequestRepair, without } from '../rule.ts';

const MEMBERS = ['temperature', 'top_p', 'top_k'] as const;

/** Leaving a parameter out always works, whatever value the model has fixed for it. */
export const fixedSampling: RequestRepair = {
  reads: MEMBERS,
  trigger: { members: MEMBERS },
  apply(request, { note }) {
    const present = MEMBERS.filter((member) => member in request);
    note(`${present.join(', ')} left out`);
    return without(request, present);
  },
};
