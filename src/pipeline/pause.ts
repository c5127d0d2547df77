import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';

/** Waits, unless the client leaves. */
export function pause(clock: Clock, ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      cancel();
      reject(new GatewayError('client_closed'));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    signal.addEventListener('abort', leave, { once: true });
  });
}
