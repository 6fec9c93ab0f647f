import pg from 'pg';

/** What a connection's stream and protocol offer to a query that writes its own messages. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  submittedNamedStatements: Record<string, string>;
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: readonly unknown[] }): void;
  execute(portal: object): void;
  sync(): void;
}

interface QueryInternals {
  name?: string;
  text: string;
  prepare(wire: Wire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
  handleEmptyQuery(wire: Wire): void;
  handleError(error: Error, wire: Wire): void;
  handleReadyForQuery(wire: Wire): void;
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

/** A statement among others of one message: the message's end is not its own. */
class Statement extends LibraryQuery {
  _getRows(wire: Wire): void {
    wire.execute({});
  }
}

/**
 * Statements under the app's role with the tenant set, in one message to the server and one transaction: role and tenant
 * are set first, and when that or a statement fails, the server passes over everything up to the message's end.
 */
class ScopedBatch {
  readonly #tenantId: string;
  readonly #isNamed: boolean;
  readonly #statements: readonly Statement[];
  /** The statement that the server is answering; -1: role and tenant. */
  #at = -1;

  constructor(tenantId: string, isNamed: boolean, statements: readonly Statement[]) {
    this.#tenantId = tenantId;
    this.#isNamed = isNamed;
    this.#statements = statements;
  }

  // The library notes by these which statement the connection has parsed.
  get name(): string | undefined {
    return this.#statements[this.#at]?.name;
  }
  get text(): string | undefined {
    return this.#statements[this.#at]?.text;
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    try {
      if (!this.#isNamed) wire.parse({ name: '', text: SCOPE });
      wire.bind({ statement: this.#isNamed ? SCOPE_NAME : '', values: [this.#tenantId] });
      wire.execute({});
      for (const statement of this.#statements) statement.prepare(wire);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  handleRowDescription(message: unknown): void {
    this.#statements[this.#at]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#statements[this.#at]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, wire: Wire): void {
    this.#statements[this.#at]?.handleCommandComplete(message, wire);
    this.#at += 1;
  }

  handleEmptyQuery(wire: Wire): void {
    this.#statements[this.#at]?.handleEmptyQuery(wire);
    this.#at += 1;
  }

  handleError(error: Error, wire: Wire): void {
    const failed = Math.max(this.#at, 0);
    for (const statement of this.#statements.slice(0, failed)) statement.handleReadyForQuery(wire);
    for (const statement of this.#statements.slice(failed)) {
      if (statement.name !== undefined) delete wire.submittedNamedStatements[statement.name];
      statement.handleError(error, wire);
    }
  }

  handleReadyForQuery(wire: Wire): void {
    for (const statement of this.#statements) statement.handleReadyForQuery(wire);
  }
}

/**
 * Runs statements on one connection as the app's role with the tenant set. Those that are asked for without waiting for
 * each other go in one message and one transaction; when one of them fails, those behind it fail with it.
 */
export type RunScoped = (
  client: pg.ClientBase,
  tenantId: string,
  text: string,
  values: readonly unknown[],
) => Promise<pg.QueryResult>;

interface Waiting {
  tenantId: string;
  statements: Statement[];
}

/** The runner of a pool's statements. The server keeps the plans of those it is asked again, where it is Postgres itself. */
export function createScopedRunner(): RunScoped {
  const keepsPlans = new WeakMap<pg.ClientBase, boolean>();
  const waiting = new WeakMap<pg.ClientBase, Waiting>();
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

  function flush(client: pg.ClientBase): void {
    const batch = waiting.get(client);
    if (batch === undefined) return;
    waiting.delete(client);
    const scoped = new ScopedBatch(batch.tenantId, keepsPlans.get(client) === true, batch.statements);
    client.query(scoped as unknown as pg.Submittable);
  }

  function enqueue(client: pg.ClientBase, tenantId: string, statement: Statement): void {
    const batch = waiting.get(client);
    if (batch?.tenantId === tenantId) {
      batch.statements.push(statement);
      return;
    }
    flush(client);
    waiting.set(client, { tenantId, statements: [statement] });
    setImmediate(flush, client);
  }

  return async (client, tenantId, text, values) => {
    const isKept = keepsPlans.get(client) ?? (await openScope(client, tenantId));
    return new Promise((resolve, reject) => {
      const done: Done = (error, result) => (error ? reject(error) : resolve(result));
      const name = isKept ? nameOf(text) : undefined;
      const config = { text, values: values.map(written), queryMode: 'extended' as const };
      enqueue(client, tenantId, new Statement(name === undefined ? config : { ...config, name }, undefined, done));
    });
  };
}

/** An object as JSON, as the library would write it: where that fails nothing has been sent yet. */
function written(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) || value instanceof Date || ArrayBuffer.isView(value) ? value : JSON.stringify(value);
}
