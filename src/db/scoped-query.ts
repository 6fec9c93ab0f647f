import pg from 'pg';

/** What a connection's stream and protocol offer to a query that writes its own messages. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: readonly unknown[] }): void;
  execute(portal: object): void;
}

interface QueryInternals {
  submit(wire: Wire): Error | null;
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}

type Done = (error: Error | null, result: pg.QueryResult) => void;

// What a query of the library does with its messages is no part of its types.
const LibraryQuery = pg.Query as unknown as new (
  config: { text: string; values: readonly unknown[]; name?: string; queryMode: 'extended' },
  values: undefined,
  done: Done,
) => QueryInternals;

const SCOPE = `select set_config('role', 'reos_app', true), set_config('app.current_tenant_id', $1, true)`;
const SCOPE_NAME = 'reos_scope';
/** Statements that a connection keeps a plan of, at most: each takes the server's memory. */
const MOST_NAMES = 100;

/**
 * A statement under the app's role with the tenant set, in one message to the server and one transaction of its own: role
 * and tenant are set first, and when that fails the server passes over everything up to the message's end.
 */
class ScopedQuery extends LibraryQuery {
  readonly #tenantId: string;
  readonly #isNamed: boolean;
  #isScopeSet = false;

  constructor(tenantId: string, text: string, values: readonly unknown[], name: string | undefined, done: Done) {
    super({ text, values, queryMode: 'extended', ...(name === undefined ? {} : { name }) }, undefined, done);
    this.#tenantId = tenantId;
    this.#isNamed = name !== undefined;
  }

  override submit(wire: Wire): null {
    wire.stream.cork();
    try {
      if (!this.#isNamed) wire.parse({ name: '', text: SCOPE });
      wire.bind({ statement: this.#isNamed ? SCOPE_NAME : '', values: [this.#tenantId] });
      wire.execute({});
      this.prepare(wire);
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  // The first row and the first end are those of the two settings.
  override handleDataRow(message: unknown): void {
    if (this.#isScopeSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#isScopeSet) super.handleCommandComplete(message, wire);
    this.#isScopeSet = true;
  }
}

/** Runs statements on one connection, each as the app's role with the tenant set, in a transaction of its own. */
export type RunScoped = (
  client: pg.ClientBase,
  tenantId: string,
  text: string,
  values: readonly unknown[],
) => Promise<pg.QueryResult>;

/** The runner of a pool's statements. The server keeps the plans of those it is asked again, where it is Postgres itself. */
export function createScopedRunner(): RunScoped {
  const keepsPlans = new WeakMap<pg.ClientBase, boolean>();
  const names = new Map<string, string>();

  // A proxy that gives each transaction another connection gives an id of its own when the connection is opened.
  async function openScope(client: pg.ClientBase, tenantId: string): Promise<boolean> {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const isDirect = rows[0]?.pid === (client as { processID?: number | null }).processID;
    if (isDirect) await client.query({ name: SCOPE_NAME, text: SCOPE, values: [tenantId] });
    keepsPlans.set(client, isDirect);
    return isDirect;
  }

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_NAMES) return known;
    const name = `reos_${names.size}`;
    names.set(text, name);
    return name;
  }

  return async (client, tenantId, text, values) => {
    const isKept = keepsPlans.get(client) ?? (await openScope(client, tenantId));
    return new Promise((resolve, reject) => {
      const done: Done = (error, result) => (error ? reject(error) : resolve(result));
      const query = new ScopedQuery(tenantId, text, values, isKept ? nameOf(text) : undefined, done);
      client.query(query as unknown as pg.Submittable);
    });
  };
}
