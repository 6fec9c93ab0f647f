import type { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { METHOD_NAME_ALL } from 'hono/router';
import { secureHeaders } from 'hono/secure-headers';
import { rememberClientAddress } from './client-address.ts';
import { type Dashboard, dashboardRoutes, openDashboard } from './dashboard.ts';
import type { ApiDeps } from './deps.ts';
import { docsRoutes, documentRoutes } from './docs-ui.ts';
import { createAdmission } from './kit/admission.ts';
import { registerComponents } from './kit/document.ts';
import { mount } from './kit/mount.ts';
import { createOpenApiApp } from './kit/openapi.ts';
import { createRateLimiter, DEFAULT_RATE_LIMITS } from './kit/rate-limit.ts';
import { allowPreviewFrame, MAIL_PREVIEW_PATH, mailPreviewRoutes } from './mail-preview.ts';
import { mcpRoutes } from './mcp.ts';
import { type ApiEnv, problem, problemOf } from './problem.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { endpointsOf } from './routes/index.ts';
import { interestedRoutes } from './routes/interested.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';
import { lobWebhook } from './webhooks/lob.ts';
import { sendgridWebhook } from './webhooks/sendgrid.ts';
import { sendgridInbound } from './webhooks/sendgrid-inbound.ts';
import { twilioWebhook } from './webhooks/twilio.ts';
import { twilioInbound } from './webhooks/twilio-inbound.ts';

// Answers are data: nothing in them may run, load or be framed.
const DATA_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

// What pages of other origins may send and read. Tokens are in a header, so no cookies are asked for.
const SHARED = {
  allowMethods: [...METHODS],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'Last-Event-ID', 'X-Request-Id'],
  exposeHeaders: [
    'ETag',
    'Retry-After',
    'Refresh-After',
    'X-Request-Id',
    'Idempotent-Replayed',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
    'Quota-Meter',
    'Quota-Limit',
    'Quota-Remaining',
    'Quota-Reset',
  ],
  maxAge: 600,
};

/**
 * The HTTP API. Every answer has security headers and a request id; every error is problem+json.
 * @throws ReosError `validation` when the webhook's public key is no key
 */
export function createApi(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = createOpenApiApp();
  app.use(requestId());
  app.use(rememberClientAddress(deps.trustedProxies ?? []));
  app.use(MAIL_PREVIEW_PATH, allowPreviewFrame);
  app.use(
    secureHeaders({
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: deps.publicUrl?.startsWith('https://') ? 'max-age=15552000' : false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    // A page brings a policy of its own.
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', DATA_POLICY);
  });
  app.use(async (c, next) => {
    const startedAt = performance.now();
    await next();
    const decision = c.get('decision');
    deps.logger.info(
      {
        requestId: c.get('requestId'),
        method: c.req.method,
        path: loggedPath(c.req.path),
        status: c.res.status,
        durationMs: Math.round(performance.now() - startedAt),
        ...(decision === undefined
          ? {}
          : {
              tenantId: decision.principal.tenantId,
              actor: `${decision.principal.kind}:${decision.principal.id}`,
              action: decision.action,
              allow: decision.allow,
            }),
      },
      'request',
    );
  });
  if (deps.corsOrigins?.length) app.use(cors({ origin: [...deps.corsOrigins], ...SHARED }));
  app.use(async (c, next) => {
    const encoding = c.req.header('Content-Encoding');
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return next();
    return problem(c, 'unsupported_media_type', 'Bodies are taken as they are: send it without Content-Encoding.');
  });
  const limiter = createRateLimiter(deps.limits ?? DEFAULT_RATE_LIMITS);
  healthRoutes(app, deps);
  const dashboard: Dashboard = openDashboard(deps.dashboard, deps.embedder !== undefined);
  app.route('/', dashboardRoutes(dashboard));
  app.route('/', mailPreviewRoutes());
  app.route('/', docsRoutes());
  app.route('/', sendgridWebhook(deps));
  app.route('/', sendgridInbound(deps));
  app.route('/', twilioWebhook(deps));
  app.route('/', twilioInbound(deps));
  app.route('/', lobWebhook(deps));
  app.route('/', unsubscribeRoutes(deps));
  app.route('/', interestedRoutes());
  app.route('/', fileRoutes(deps));
  app.route(
    '/',
    mcpRoutes(createAdmission(deps, limiter), (path, init, env) => app.request(path, init, env)),
  );
  mount(app, { ...deps, limiter }, endpointsOf(deps));
  registerComponents(app);
  app.route('/', documentRoutes(app));
  app.notFound((c) => {
    if (dashboard.isScreen(c.req)) return dashboard.page(c);
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length === 0 || allowed.some((method) => method === c.req.method)) {
      return problem(c, 'not_found', `There is nothing at ${c.req.method} ${loggedPath(c.req.path)}.`);
    }
    c.header('Allow', allowed.join(', '));
    return problem(c, 'method_not_allowed', `${loggedPath(c.req.path)} takes ${allowed.join(', ')} alone.`);
  });
  app.onError((error, c) => problemOf(c, error, deps.logger));
  return app;
}

/** The methods that a path has a route for. */
function methodsAt(app: OpenAPIHono<ApiEnv>, path: string): string[] {
  const has = (method: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method !== METHOD_NAME_ALL);
  return METHODS.filter((method) => has(method === 'HEAD' ? 'GET' : method));
}

// Whoever has the token can unsubscribe its owner, so it stays out of logs. Signatures are in queries, never logged.
function loggedPath(path: string): string {
  return path.startsWith('/unsubscribe/') ? '/unsubscribe/{token}' : path;
}
