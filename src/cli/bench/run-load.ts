import type { Endpoint } from '../endpoint.ts';
import { readSample, type Sample } from './sample.ts';

export interface Load {
  readonly requests: number;
  readonly concurrency: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly onSample: (count: number) => void;
}

/** Sends requests, so many at a time, until all are sent or the signal ends it. */
export async function runLoad(endpoint: Endpoint, load: Load): Promise<readonly Sample[]> {
  const { requests, concurrency, body, signal, onSample } = load;
  const samples: Sample[] = [];
  let sent = 0;
  const lane = async () => {
    while (sent < requests && !signal.aborted) {
      sent++;
      const sample = await readSample(endpoint, body, signal);
      if (signal.aborted && !sample.ok) return;
      samples.push(sample);
      onSample(samples.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, lane));
  return samples;
}
