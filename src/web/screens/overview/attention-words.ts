import type { AttentionItem } from './attention-kinds.ts';

/** The item when it holds. */
export function itemIf(holds: boolean, item: AttentionItem): AttentionItem[] {
  return holds ? [item] : [];
}

/** The words for one, or for any other number. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
