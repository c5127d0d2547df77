/** What must not be stored even where the owner has turned bodies on, as far as it can be told by its form. */
const BUILT_IN: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Keys of Moonshot, OpenAI, Anthropic, GitHub, AWS, Google, Slack, by the prefixes that their vendors document.
  [
    /\b(?:sk-[A-Za-z0-9_-]{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,}|xox[abprs]-[\w-]{10,})/g,
    '[key]',
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[token]'],
  // To the end where the text was cut before its own.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\bBearer\s+[\w.~+/-]{8,}=*/gi, 'Bearer [token]'],
  // Pictures, films and files that were sent as text.
  [/\bdata:([\w.+-]+\/[\w.+-]+);base64,[A-Za-z0-9+/=]+/g, 'data:$1;base64,[left out]'],
];

/** Cuts secrets and media out of a text; the owner's own patterns come last. */
export class Redaction {
  readonly #patterns: readonly (readonly [RegExp, string])[];

  /** `own`: regular expressions. */
  constructor(own: readonly string[]) {
    this.#patterns = [...BUILT_IN, ...own.map((source) => [new RegExp(source, 'g'), '[redacted]'] as const)];
  }

  apply(text: string): string {
    let clean = text.replaceAll('\0', '');
    for (const [pattern, replacement] of this.#patterns) clean = clean.replace(pattern, replacement);
    return clean;
  }
}
