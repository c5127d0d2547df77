/** How the owner wants the web chat to be used. */
export interface WebOptions {
  /** `auto`: the newer protocol, and the older one where the newer is not there. */
  readonly protocol: 'auto' | 'classic' | 'connect';
  /** Function calling: `emulate` it by prompt, or refuse it. */
  readonly tools: 'off' | 'emulate';
  /** Whether the server searches the web where neither the model's name nor the request says. */
  readonly search: boolean;
  /** How the pages that were found are told. */
  readonly sources: 'annotations' | 'text' | 'none';
  /** What becomes of the chat that a stateless call leaves behind. */
  readonly cleanup: 'keep' | 'delete';
  /** Where tokens are renewed, `https://host`. */
  readonly authUrl: string;
}

/** Searches by default: that is what people come to the web chat for (loudotdigital/kimi2api). */
const DEFAULTS = { protocol: 'auto', tools: 'off', search: true, sources: 'annotations', cleanup: 'keep' } as const;

/** `base` is the surface's own address: the place to renew tokens unless another is named. */
export function webOptions(given: Partial<WebOptions> | undefined, base: string): WebOptions {
  return { ...DEFAULTS, authUrl: base, ...given };
}
