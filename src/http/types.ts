/** One outgoing request. `url` is absolute http(s). */
export interface HttpRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  searchParams?: Record<string, string>;
  body?: string | Buffer;
  /** Whole-request limit in milliseconds; default 10,000. */
  timeoutMs?: number;
  /** The answer's body is refused past this many bytes; default 10 MiB. */
  maxBytes?: number;
}

/** One answer. Every HTTP status is an answer, not an exception: the caller decides what it means. */
export interface HttpResponse {
  status: number;
  /** Lower-case names; repeated headers joined with ', '. */
  headers: Record<string, string>;
  body: Buffer;
  /** The address that answered in the end, after redirects. */
  url: string;
  /** True when the answer carries `x-simulated: true`: it came from the offline simulator and is no fact. */
  simulated: boolean;
}

/**
 * The guarded door to the outside. Throws ReosError `transient` when no answer came (refused, reset, time-out, DNS),
 * `blocked` when the address is private or not http(s), `payload_too_large` past `maxBytes`. Never retries.
 */
export interface HttpClient {
  fetch(request: HttpRequest): Promise<HttpResponse>;
}
