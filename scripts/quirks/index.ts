import type { Quirk } from './quirk.ts';
import { REQUEST_QUIRKS } from './requests.ts';
import { SURFACE_QUIRKS } from './surfaces.ts';
import { TOOL_QUIRKS } from './tools.ts';

export const QUIRKS: readonly Quirk[] = [...REQUEST_QUIRKS, ...TOOL_QUIRKS, ...SURFACE_QUIRKS];
