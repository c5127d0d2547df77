import { Refusal } from '../refusal.ts';

/** A script that cannot be read is answered with a 400 of a type that the vendor does not have. */
export function scriptError(message: string): Refusal {
  return new Refusal({ status: 400, type: 'simulator_script_error', message: `simulator script: ${message}` });
}
