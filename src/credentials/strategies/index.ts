import { LeastBusy } from './least-busy.ts';
import { RoundRobin } from './round-robin.ts';
import { Sticky } from './sticky.ts';
import type { Strategy, StrategyName } from './strategy.ts';
import { Weighted } from './weighted.ts';

const MAKERS: Readonly<Record<StrategyName, () => Strategy>> = {
  round_robin: () => new RoundRobin(),
  least_busy: () => new LeastBusy(),
  weighted: () => new Weighted(),
  sticky: () => new Sticky(),
};

export const createStrategy = (name: StrategyName): Strategy => MAKERS[name]();
