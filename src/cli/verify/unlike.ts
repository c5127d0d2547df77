import { type Bilingual, type Phrase, phrase } from '../language.ts';
import { shown } from './json-at.ts';

export const TEXT: Bilingual = { en: 'the text', zh: '文本' };

/** What a member is, where it should be something else. */
export function unlike(name: Phrase, value: unknown): Bilingual {
  return {
    en: `${phrase(name, 'en')} is ${shown(value)}`,
    zh: value === undefined ? `没有${spaced(phrase(name, 'zh'))}` : `${phrase(name, 'zh')} 为 ${shown(value)}`,
  };
}

/** Names of members stand apart from Chinese words. */
const spaced = (name: string): string => (/^[\w.[\]]+$/.test(name) ? ` ${name}` : name);
