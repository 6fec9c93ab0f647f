import { type AuditEntry, appendAudit } from '../../db/queries/audit.ts';
import { recordDecision } from '../../db/queries/policy.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { type ErrorCode, ReosError } from '../../domain/errors.ts';
import type { EndpointSpec } from './endpoint.ts';
import { actorOf, type Principal } from './principal.ts';

const REFUSALS: readonly ErrorCode[] = ['forbidden', 'blocked', 'suppressed', 'quota_exceeded', 'budget_exceeded'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NAME = /^[\w.-]{1,100}$/;
/** Routes whose `{id}` is a person. */
const PEOPLE = /^\/api\/v1\/(users|contacts)(\/\{id\}|$)/;

/** What of a request its audit entry tells. */
export interface AuditedRequest {
  params: unknown;
  body: unknown;
  requestId: string;
  now: Date;
}

/** Whether the error is a refusal, which is audited, and not a slip of the caller. */
export function isRefusal(error: unknown): error is ReosError {
  return error instanceof ReosError && REFUSALS.includes(error.code);
}

/**
 * The entry of a request: who, what, on which id, and the names of the fields that were sent. Values stay out of it,
 * for among them are passwords and addresses.
 * @param made the answer's text, for the id of what was made; null without one
 */
export function auditEntryOf(
  spec: EndpointSpec,
  principal: Principal,
  request: AuditedRequest,
  outcome: AuditEntry['outcome'],
  made: string | null,
): AuditEntry {
  const params = Object.entries((request.params ?? {}) as Record<string, unknown>);
  const ids = params.filter(([name, value]) => typeof value === 'string' && (name === 'id' || UUID.test(value)));
  const id = ids.find(([name]) => name === 'id')?.[1] as string | undefined;
  const madeId = idOf(made);
  const subject = PEOPLE.test(spec.path) ? (id ?? madeId) : undefined;
  const { body } = request;
  const isNamed = typeof body === 'object' && body !== null && !Array.isArray(body);
  return {
    at: request.now,
    actorKind: principal.kind,
    actorId: principal.id,
    action: spec.permission,
    resource: id === undefined ? spec.operationId : `${spec.operationId}:${clean(id)}`,
    outcome,
    requestId: request.requestId,
    subjectId: subject !== undefined && UUID.test(subject) ? subject : null,
    detail: {
      method: spec.method.toUpperCase(),
      path: spec.path,
      ids: Object.fromEntries(ids.map(([name, value]) => [name, clean(String(value))])),
      fields: isNamed ? Object.keys(body).filter((name) => NAME.test(name)) : [],
      ...(madeId === undefined || madeId === id ? {} : { made: madeId }),
    },
  };
}

/** Records a request that was refused, in a transaction of its own: the request's was rolled back. */
export async function recordRefusal(
  trx: TenantTrx,
  spec: EndpointSpec,
  principal: Principal,
  request: AuditedRequest,
  refusal: ReosError,
): Promise<void> {
  const question = { actor: actorOf(principal), action: spec.permission, resource: spec.operationId, costMicros: 0 };
  await recordDecision(trx, question, { allow: false, reason: refusal.message });
  const entry = auditEntryOf(spec, principal, request, 'refused', null);
  await appendAudit(trx, { ...entry, detail: { ...entry.detail, code: refusal.code } });
}

/** Without characters that Postgres refuses or a terminal obeys. */
function clean(id: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return id.slice(0, 200).replace(/[\u0000-\u001f\u007f]/g, '');
}

function idOf(made: string | null): string | undefined {
  if (made === null || !made.startsWith('{')) return undefined;
  const id = (JSON.parse(made) as { id?: unknown }).id;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}
