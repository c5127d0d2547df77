/**
 * The organisation that limits belong to, from the vendor's own words: "Your account org-…<ak-…> request reached
 * organization max RPM: 3", "Your account org-…<ak-…> is suspended", "You exceeded your current token quota: <org-…> 0"
 * (platform docs, errors page; LLM-Red-Team/kimi-cc #16).
 */
const NAMED = /(?:^Your account |token quota: <)(org-[\w-]{1,80})(?=[<>\s])/;

export const organisationIn = (sentence: string): string | undefined => NAMED.exec(sentence)?.[1];
