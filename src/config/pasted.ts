import type { Bilingual } from './surface-kinds.ts';

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’' };

/**
 * Keys arrive by copy and paste: with quotes from a chat, a line break from a terminal, `Bearer ` from a header.
 * What is safe to remove is removed; what is left inside is named, because a key that is silently cut fails as a 401.
 */
export function cleanPasted(text: string): { readonly value: string } | { readonly problem: Bilingual } {
  let value = text.trim();
  const closing = QUOTES[value[0] ?? ''];
  if (closing !== undefined && value.length > 1 && value.endsWith(closing)) value = value.slice(1, -1).trim();
  value = value.replace(/^Bearer\s+/i, '');
  value = cookieToken(value) ?? value;
  if (value === '')
    return {
      problem: { en: 'is empty; put the key here, or leave the entry out', zh: '是空的；请填写密钥，或删除该项' },
    };
  if (/^cookie:|;\s*[\w.-]+=/i.test(value)) {
    return {
      problem: {
        en: 'is a Cookie header without `kimi-auth`; copy it while you are logged in to the web chat',
        zh: '是不含 `kimi-auth` 的 Cookie 请求头；请在登录网页版时复制',
      },
    };
  }
  if (/[\r\n]/.test(value))
    return {
      problem: { en: 'has a line break inside; paste it again as one line', zh: '中间有换行；请作为一行重新粘贴' },
    };
  if (/["'`“”‘’]/.test(value))
    return {
      problem: { en: 'has a quotation mark inside; paste only the key itself', zh: '中间有引号；请只粘贴密钥本身' },
    };
  if (/\s/.test(value))
    return { problem: { en: 'has a space inside; paste only the key itself', zh: '中间有空格；请只粘贴密钥本身' } };
  // A header cannot carry these, and the cause is always a character that looks like another one.
  if (/[^\x21-\x7e]/.test(value))
    return {
      problem: { en: 'has a character that no key has; paste it again', zh: '含有密钥中不会出现的字符；请重新粘贴' },
    };
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
