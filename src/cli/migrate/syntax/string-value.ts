const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

/** The text of a literal of either language, quotes and prefix included. Undefined for bytes. */
export function stringValue(literal: string): string | undefined {
  const [, prefix = '', quote = '', body = ''] = /^([a-zA-Z]*)("""|'''|"|'|`)([\s\S]*?)\2?$/.exec(literal) ?? [];
  if (quote === '' || /b/i.test(prefix)) return undefined;
  return /r/i.test(prefix) || !body.includes('\\') ? body : unescaped(body);
}

function unescaped(body: string): string {
  return body.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|([\s\S]))/g,
    (_all, braced?: string, four?: string, two?: string, lineEnd?: string, single = '') => {
      const digits = braced ?? four ?? two;
      if (digits !== undefined) return codePoint(Number.parseInt(digits, 16));
      return lineEnd === undefined ? (ESCAPES[single] ?? single) : '';
    },
  );
}

const codePoint = (code: number): string => (code <= 0x10_ffff ? String.fromCodePoint(code) : '');
