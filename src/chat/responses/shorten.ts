import type { Item } from './responses.ts';

/**
 * `truncation: auto`: the oldest turns are left out until the rest fits. A turn begins with a message of the user's, so that
 * no result loses its call; system messages stay, and so does the last turn.
 */
export function shortenHistory(items: readonly Item[], excess: number, weigh: (item: Item) => number): readonly Item[] {
  const lastTurn = items.findLastIndex(isOfUser);
  const dropped = new Set<Item>();
  let left = excess;
  for (const [index, item] of items.entries()) {
    if (index >= lastTurn || (left <= 0 && isOfUser(item))) break;
    if (item['role'] === 'system' || item['role'] === 'developer') continue;
    dropped.add(item);
    left -= weigh(item);
  }
  return dropped.size === 0 ? items : items.filter((item) => !dropped.has(item));
}

function isOfUser(item: Item): boolean {
  return (item.type ?? 'message') === 'message' && item['role'] === 'user';
}
