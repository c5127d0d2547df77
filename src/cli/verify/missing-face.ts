import type { Answer } from './exchange.ts';
import { skipped, type Verdict } from './verify-check.ts';

/** An endpoint need not speak every protocol. */
export function missingFace({ status }: Answer): Verdict | undefined {
  const isMissing = status === 404 || status === 405 || status === 501;
  return isMissing ? skipped({ en: 'the endpoint does not have this face', zh: '该端点没有此接口' }) : undefined;
}
