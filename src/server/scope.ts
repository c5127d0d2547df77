import type { Scope } from '../runtime/key-scope.ts';
import type { RouteContext } from './route.ts';

/** What names mean to the caller: a key with rules may use a part of them. */
export function scopeOf({ runtime, key }: Pick<RouteContext, 'runtime' | 'key'>): Scope {
  return key ? runtime.scopes.of(key.rules) : runtime;
}
