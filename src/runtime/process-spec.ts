/** A long-lived process that the supervisor keeps running. Prepared by a part, started by `superviseProcess`. */
export type ProcessSpec = {
  /** Short and unique in a home: names its log and its run record. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another user to run as; needs root. */
  uid?: number;
  gid?: number;
  /** The main port, for the run record; null when it has none. */
  port: number | null;
  /** Which rung of the ladder it came from. */
  source: string;
  version: string | null;
  /** True when it answers as it should. Must not throw for "not yet": throw only when waiting cannot help. */
  ready: () => Promise<boolean>;
  readyTimeoutMs: number;
  /** Asks for a clean end; SIGKILL follows after `graceMs`. */
  stopSignal: NodeJS.Signals;
  graceMs: number;
  /** Runs before each start, also before restarts: clears what a kill left behind. */
  beforeStart?: () => Promise<void>;
};

/** What a supervised process is doing, as run/<name>.json says. `pid` is null once it was stopped in good order. */
export type ProcessRecord = {
  name: string;
  pid: number | null;
  startToken: string | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  port: number | null;
  source: string;
  version: string | null;
};
