import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RescoreHelpers } from '../activities/score/rescore-helpers.ts';
import { type ErrorCode, ReosError } from '../domain/errors.ts';
import type { RescoreAnswer, RescoreRequest, RescoreSettings } from './rescore-process.ts';

/** Processes at most: Postgres wants cores too. */
const MOST = 4;
/** Batches at once in each: one is reckoned while another is read or written. */
const LANES_EACH = 2;
const IDLE_MS = 60_000;
/** Room for what a batch leaves behind: collected less often, it has mostly died by then. */
const YOUNG_GENERATION_MB = 32;

interface Helper {
  child: ChildProcess;
  waiting: Map<number, { resolve: (changed: number) => void; reject: (error: unknown) => void }>;
  /** What it scores by: sent again when it is another object. */
  scoring?: unknown;
  counties?: unknown;
}

/** How many helpers, and how long they stay without work. */
export interface RescoreHelperOptions {
  processes?: number;
  idleMs?: number;
}

/**
 * Processes that score batches beside this one: started with the first batch, ended after a minute without any. Nothing
 * is kept in them that Postgres does not have.
 */
export function createRescoreHelpers(
  settings: RescoreSettings,
  { processes = Math.min(MOST, Math.max(2, availableParallelism())), idleMs = IDLE_MS }: RescoreHelperOptions = {},
): RescoreHelpers & { close(): Promise<void> } {
  const helpers = new Set<Helper>();
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  function start(): Helper {
    const child = fork(fileURLToPath(new URL('./rescore-process.ts', import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx'), `--max-semi-space-size=${YOUNG_GENERATION_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const helper: Helper = { child, waiting: new Map() };
    const lose = (why: string) => {
      helpers.delete(helper);
      for (const { reject } of helper.waiting.values()) {
        reject(
          new ReosError(
            'transient',
            `A process that scores properties again ended early (${why}). Its batch is tried again.`,
          ),
        );
      }
      helper.waiting.clear();
    };
    child.once('error', (error) => lose(error.message));
    child.once('exit', (code, signal) => lose(signal ?? `exit code ${code}`));
    child.on('message', (answer: RescoreAnswer) => {
      const asked = helper.waiting.get(answer.id);
      helper.waiting.delete(answer.id);
      if (answer.kind === 'done') asked?.resolve(answer.changed);
      else if (answer.code === 'internal') asked?.reject(new Error(answer.message));
      else asked?.reject(new ReosError(answer.code as ErrorCode, answer.message));
    });
    helpers.add(helper);
    tell(helper, { kind: 'open', settings: { ...settings, env: { ...settings.env } }, lanes: LANES_EACH });
    return helper;
  }

  /** The one with the least to do; a new one as long as all are busy and there may be more. */
  function choose(): Helper {
    const [freest] = [...helpers].sort((a, b) => a.waiting.size - b.waiting.size);
    return freest === undefined || (freest.waiting.size > 0 && helpers.size < processes) ? start() : freest;
  }

  function end(): void {
    for (const { child } of helpers) if (child.connected) child.disconnect();
    helpers.clear();
  }

  return {
    lanes: processes * LANES_EACH,
    run({ scoring, counties }, batch) {
      clearTimeout(idle);
      const helper = choose();
      if (helper.scoring !== scoring || helper.counties !== counties) {
        tell(helper, { kind: 'configure', scoring, counties: counties.all });
        Object.assign(helper, { scoring, counties });
      }
      lastId += 1;
      const id = lastId;
      const answer = new Promise<number>((resolve, reject) => {
        helper.waiting.set(id, { resolve, reject });
        tell(helper, { kind: 'batch', id, batch });
      });
      return answer.finally(() => {
        if ([...helpers].some(({ waiting }) => waiting.size > 0)) return;
        clearTimeout(idle);
        idle = setTimeout(end, idleMs);
        idle.unref();
      });
    },
    async close() {
      clearTimeout(idle);
      const ended = [...helpers].map(
        ({ child }) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
      );
      end();
      await Promise.all(ended);
    },
  };
}

/** What cannot be sent any more is answered by the end of the process. */
function tell({ child }: Helper, request: RescoreRequest): void {
  if (child.connected) child.send(request, () => undefined);
}
