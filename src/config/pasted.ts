const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’' };

/**
 * Keys arrive by copy and paste: with quotes from a chat, a line break from a terminal, `Bearer ` from a header.
 * What is safe to remove is removed; what is left inside is named, because a key that is silently cut fails as a 401.
 */
export function cleanPasted(text: string): { readonly value: string } | { readonly problem: string } {
  let value = text.trim();
  const closing = QUOTES[value[0] ?? ''];
  if (closing !== undefined && value.length > 1 && value.endsWith(closing)) value = value.slice(1, -1).trim();
  value = value.replace(/^Bearer\s+/i, '');
  value = cookieToken(value) ?? value;
  if (value === '') return { problem: 'is empty; put the key here, or leave the entry out' };
  if (/^cookie:|;\s*[\w.-]+=/i.test(value)) {
    return { problem: 'is a Cookie header without `kimi-auth`; copy it while you are logged in to the web chat' };
  }
  if (/[\r\n]/.test(value)) return { problem: 'has a line break inside; paste it again as one line' };
  if (/["'`“”‘’]/.test(value)) return { problem: 'has a quotation mark inside; paste only the key itself' };
  if (/\s/.test(value)) return { problem: 'has a space inside; paste only the key itself' };
  // A header cannot carry these, and the cause is always a character that looks like another one.
  if (/[^\x21-\x7e]/.test(value)) return { problem: 'has a character that no key has; paste it again' };
  return { value };
}

/** The token in a whole Cookie header, as a browser's tools give it; nothing else of the header is wanted. */
function cookieToken(text: string): string | undefined {
  return /(?:^|[;\s])kimi-auth=([^;\s]+)/.exec(text)?.[1];
}

/** Local storage sometimes shows a token as a list of its parts (LLM-Red-Team/kimi-free-api). */
function listedToken(text: string): string | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join('.') : undefined;
  } catch {
    return undefined;
  }
}

/** Several keys in one value: commas of either width, spaces forgiven, doubles dropped. */
export function splitList(text: string): readonly string[] {
  const parts = text.split(/[,，]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A pasted list is quoted as a whole more often than piece by piece. */
export function splitPasted(text: string): readonly string[] {
  const value = text.trim();
  const listed = listedToken(value);
  if (listed !== undefined) return [listed];
  const closing = QUOTES[value[0] ?? ''];
  const whole = closing !== undefined && value.length > 1 && value.endsWith(closing);
  const parts = splitList(whole && !value.slice(1, -1).includes(closing) ? value.slice(1, -1) : value);
  // Cookies hold commas, in dates for one: what is left of a header beside its token is none.
  const isCookie = parts.some((part) => cookieToken(part) !== undefined);
  return isCookie ? parts.filter((part) => cookieToken(part) !== undefined || !/[=\s]/.test(part)) : parts;
}
