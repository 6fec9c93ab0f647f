import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as `ps` shows it. */
export interface SeenProcess {
  pid: number;
  /** Resident memory in bytes; pages shared with others count in each. */
  rssBytes: number;
}

/** The processes that descend from one, without itself. Zombies, which are gone but for their number, are left out. */
export function descendantsOf(root: number): SeenProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const children = new Map<number, SeenProcess[]>();
  for (const line of lines) {
    const [pid = '', parent = '', rssKb = '', state = ''] = line.trim().split(/\s+/);
    if (state.startsWith('Z')) continue;
    const siblings = children.get(Number(parent)) ?? [];
    siblings.push({ pid: Number(pid), rssBytes: Number(rssKb) * 1024 });
    children.set(Number(parent), siblings);
  }
  const found: SeenProcess[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      open.push(child.pid);
    }
  }
  return found;
}

/** Whether a process of this number runs. A zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return state !== '' && !state.startsWith('Z');
  } catch {
    // ps ends with an error when there is none.
    return false;
  }
}

/** The processes that still run after a grace, of those named. A killed browser's children take a moment to notice. */
export async function leftOf(pids: Iterable<number>, graceMs = 3_000): Promise<number[]> {
  const deadline = Date.now() + graceMs;
  let left = [...new Set(pids)].filter(isRunning);
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(100);
    left = left.filter(isRunning);
  }
  return left;
}
