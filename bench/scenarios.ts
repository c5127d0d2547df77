import { ANSWERS, type AnswerName } from './answers.ts';
import type { RequestName } from './requests.ts';

/** One kind of traffic. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly request: RequestName;
  readonly answer: AnswerName;
  readonly connections: number;
  /** What processor time is counted for. */
  readonly unit: 'request' | 'chunk';
  /** The streams have a pace of their own: they are watched for a while, not run as fast as they go. */
  readonly paced?: boolean;
  /** Requests a second for everybody; undefined: as many as each can answer. */
  readonly perSecond?: number;
  /** The most that moongate may cost, as a multiple of the bare pass-through. */
  readonly limit?: number;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'small',
    title: 'small request, 600 B answer, 64 connections',
    request: 'small',
    answer: 'small',
    connections: 64,
    unit: 'request',
    limit: 1.5,
  },
  {
    name: 'small-even',
    title: 'small request, 600 B answer, 64 connections, 1,000 requests a second for everybody',
    request: 'small',
    answer: 'small',
    connections: 64,
    perSecond: 1_000,
    unit: 'request',
    limit: 1.5,
  },
  {
    name: 'large',
    title: 'small request, 20 KB answer, 64 connections',
    request: 'small',
    answer: 'large',
    connections: 64,
    unit: 'request',
  },
  {
    name: 'agent',
    title: '100 KB agent request with top-level repairs, 16 connections',
    request: 'agent',
    answer: 'small',
    connections: 16,
    unit: 'request',
    limit: 1.5,
  },
  {
    name: 'agent-even',
    title: '100 KB agent request with top-level repairs, 16 connections, 250 requests a second for everybody',
    request: 'agent',
    answer: 'small',
    connections: 16,
    perSecond: 250,
    unit: 'request',
    limit: 1.5,
  },
  {
    name: 'agent-plain',
    title: '100 KB agent request without repairs, 16 connections',
    request: 'agent-plain',
    answer: 'small',
    connections: 16,
    unit: 'request',
  },
  {
    name: 'plain-even',
    title: '100 KB agent request without repairs, 16 connections, 250 requests a second for everybody',
    request: 'agent-plain',
    answer: 'small',
    connections: 16,
    perSecond: 250,
    unit: 'request',
  },
  {
    name: 'bursts',
    title: '32 streams without delay, 20 chunks a write',
    request: 'small-stream',
    answer: 'bursts',
    connections: 32,
    unit: 'chunk',
    limit: 1.3,
  },
  {
    name: 'singles',
    title: '32 streams without delay, one chunk a write',
    request: 'small-stream',
    answer: 'singles',
    connections: 32,
    unit: 'chunk',
  },
  {
    name: 'paced',
    title: '100 streams, a chunk every 20 ms',
    request: 'small-stream',
    answer: 'paced',
    connections: 100,
    unit: 'chunk',
    paced: true,
  },
];

/** How many units one answer of the scenario is. */
export function unitsPerAnswer({ answer, unit }: Scenario): number {
  const plan = ANSWERS[answer];
  return unit === 'chunk' && plan.kind === 'stream' ? plan.eventsPerBurst * plan.bursts : 1;
}
