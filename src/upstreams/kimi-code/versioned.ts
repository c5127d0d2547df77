import type { Surface } from '../surface.ts';

/** Both ways of writing the base address are meant: `…/coding`, which is the SDKs', and `…/coding/v1`. */
export function versioned(surface: Surface): Surface {
  return surface.path.endsWith('/v1') ? surface : { ...surface, path: `${surface.path}/v1` };
}
