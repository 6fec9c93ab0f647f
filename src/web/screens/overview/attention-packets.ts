import { formatCount } from '../../lib/format.ts';
import type { AttentionFacts, AttentionItem } from './attention-kinds.ts';
import { itemIf, plural } from './attention-words.ts';

const WEEK_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/** Decisions of the market that are open, and those that expired this week. */
export function ofPackets({ packets = [] }: AttentionFacts, now: number): AttentionItem[] {
  const open = packets.filter(({ status }) => status === 'open');
  const soon = open.filter(({ expires_at: at }) => Date.parse(at) - now < DAY_MS);
  const grave = open.filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH');
  const expired = packets.filter((one) => one.status === 'expired' && now - Date.parse(one.expires_at) < WEEK_MS);
  return [
    ...itemIf(open.length > 0, {
      key: 'packets',
      tone: grave.length > 0 || soon.length > 0 ? 'warn' : 'info',
      count: open.length,
      text: plural(open.length, 'market decision is open', 'market decisions are open'),
      detail:
        [
          grave.length > 0 ? `${formatCount(grave.length)} of high severity` : '',
          soon.length > 0 ? `${formatCount(soon.length)} expire within a day` : '',
        ]
          .filter(Boolean)
          .join(', ') || null,
      to: '/market/packets',
      search: { status: 'open' },
      action: 'Decide',
    }),
    ...itemIf(expired.length > 0, {
      key: 'expired',
      tone: 'info',
      count: expired.length,
      text: plural(expired.length, 'market decision expired', 'market decisions expired').concat(' this week'),
      detail: 'Nobody decided in time.',
      to: '/market/packets',
      search: { status: 'expired' },
      action: 'Look',
    }),
  ];
}
