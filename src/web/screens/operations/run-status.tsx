import { Badge, type Tone } from '../../ui/badge.tsx';

const STATUSES: Readonly<Record<string, [string, Tone]>> = {
  running: ['Running', 'info'],
  scheduled: ['Waiting', 'neutral'],
  success: ['Succeeded', 'good'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'warn'],
};

/** How a run or a task went. */
export function RunStatusBadge({ status }: { status: string }) {
  const [text, tone] = STATUSES[status] ?? [status, 'neutral' as const];
  return <Badge tone={tone}>{text}</Badge>;
}
