import { createHash, randomBytes } from 'node:crypto';

/** What issued keys begin with, so that people and scanners know one when they see it. */
export const KEY_PREFIX = 'mg-';

/** 256 random bits: nobody guesses it, so its digest needs no salt and no slow function. */
export function newKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** Looking up a digest tells nothing about how much of a guess was right. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}

/** All that is shown of an issued key. */
export function keyMask(last4: string): string {
  return `${KEY_PREFIX}…${last4}`;
}
