/** The body of an error, as RFC 9457 and the API have it. */
export interface ProblemBody {
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string | null;
  field?: string | undefined;
  errors?: ReadonlyArray<{ field: string; message: string }> | undefined;
}

/** An answer that is an error. `message` is the API's sentence for the person; `code` is for the program. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  /** Names the request in the server's log; null when the answer did not come from the API. */
  readonly requestId: string | null;
  /** The single field that is wrong, when there is one. */
  readonly field: string | undefined;
  /** Every field that is wrong. */
  readonly errors: ReadonlyArray<{ field: string; message: string }>;
  /** Seconds to wait, where the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(body: ProblemBody, retryAfterSeconds?: number) {
    super(body.detail);
    this.status = body.status;
    this.code = body.code;
    this.requestId = body.request_id;
    this.field = body.field;
    this.errors = body.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The error that an answer holds; one without a problem in it (a proxy's page) is told by its status. */
export async function problemOfResponse(response: Response): Promise<ApiProblem> {
  const body = readProblem(await response.text());
  const fallback: ProblemBody = {
    title: response.statusText,
    status: response.status,
    detail: `${response.url || 'The server'} answered ${response.status} ${response.statusText}`.trim(),
    code: response.status >= 500 ? 'transient' : 'internal',
    request_id: response.headers.get('X-Request-Id'),
  };
  return new ApiProblem(body ?? fallback, retryAfterSeconds(response));
}

/** `Retry-After` in seconds, from either of its forms. */
export function retryAfterSeconds(response: Response, now: number = Date.now()): number | undefined {
  const text = response.headers.get('Retry-After');
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1_000));
}

function readProblem(text: string): ProblemBody | null {
  try {
    const body = JSON.parse(text) as Partial<ProblemBody> | null;
    if (typeof body?.detail === 'string' && typeof body.code === 'string') return body as ProblemBody;
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
