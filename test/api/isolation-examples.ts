/**
 * Bodies by operation, for those that their schema alone does not make: `<id>` is where an id of the tenant stands,
 * `<name>` a name that identifies, `<text>` anything new.
 */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  backfillSchedule: { from: '2026-06-01T00:00:00Z', to: '2026-06-02T00:00:00Z' },
  createCampaign: campaignNamed('<text>'),
  replaceCampaign: campaignNamed('<text>'),
  changeCampaign: campaignNamed('<text>'),
  intakeProperties: { county: 'king-wa', rows: [{ apn: '<text>', address: '1 Sample Street', city: 'Seattle' }] },
  addSuppressions: { channel: 'email', addresses: ['<text>@example.com'], reason: 'manual' },
  removeSuppression: { channel: 'email', address: '<text>@example.com', reason: '<text>' },
  updateTenant: { name: '<text>', time_zone: 'America/Chicago' },
  createWebhook: { url: 'https://example.com/<text>' },
  replayWebhook: { since: new Date(Date.now() - 3_600_000).toISOString() },
  recordOffers: {
    events: [marketRow({ event_id: '<text>', offer_price: 300_000, offered_at: '2026-06-01T12:00:00Z' })],
  },
  recordAvmValues: { events: [marketRow({ estimated_value: 300_000, valued_at: '2026-06-01T12:00:00Z' })] },
  recordOutcome: { id: '<id>', note: '<text>' },
  tryWeights: { weights: { building_age: 1 } },
  changeWeights: { weights: { flip_roi: 0.5 }, note: '<text>' },
  createContact: { kind: 'investor', name: '<text>', email: '<text>@example.com', time_zone: 'America/Los_Angeles' },
  changeContact: { name: '<text>', email: '<text>@example.com' },
};

function marketRow(row: object) {
  return { property_ref: '<text>', market: 'Boise, ID', ...row };
}

function campaignNamed(name: string) {
  return {
    name,
    kind: 'investor',
    steps: [{ channel: 'email', template: 'investor-email' }],
    sender: { name: 'Example Homes', email: 'deals@example.com' },
    postal_address: 'Example Homes, 1 Example Street, Seattle, WA 98101',
  };
}

const MY_SEARCH = { sql: 'update saved_searches set user_id = <admin> where tenant_id = <tenant>' };

/** Whoever runs the installation sees and changes every tenant (test/api/routes); here it is asked as anybody. */
const AS_ANYBODY = { sql: 'update tenants set is_operator = false where id = <tenant>' };

/** What a request needs before it makes sense: SQL (`<admin>`: who asks), or requests to paths of the same thing. */
export const BEFORE: Readonly<Record<string, { sql?: string; post?: readonly string[] }>> = {
  getTenant: AS_ANYBODY,
  listTenants: AS_ANYBODY,
  listTenantUsage: AS_ANYBODY,
  updateTenant: AS_ANYBODY,
  deleteCampaign: { sql: 'delete from outreach_messages where tenant_id = <tenant>' },
  runCampaign: { post: ['approve'] },
  pauseCampaign: { post: ['approve'] },
  resumeCampaign: { post: ['approve', 'pause'] },
  createReport: MY_SEARCH,
  updateReport: MY_SEARCH,
  getSavedSearch: MY_SEARCH,
  runSavedSearch: MY_SEARCH,
  updateSavedSearch: MY_SEARCH,
  updateComment: { sql: 'update comments set author_id = <admin> where tenant_id = <tenant>' },
  reopenDecisionPacket: { post: ['reject'] },
};

/** Names that are the installation's, not a tenant's. */
export const SHARED_NAMES: Readonly<Record<string, string>> = {
  'path:dag_id': 'sys_heartbeat',
  'path:county': 'king-wa',
  'path:resource': 'sendgrid',
  // Of every tenant: the configured weights. That another's own cannot be brought back: test/api/routes.
  'path:number': '0',
  'query:county': 'king-wa',
};

/** Routes that refuse the samples of a tenant's own, with which status and why. */
export const REFUSALS: Readonly<Record<string, { status: number; why: string }>> = {
  changePassword: { status: 400, why: 'the password of the sample’s person is not known' },
  login: { status: 401, why: 'so is that of the login: test/api/auth' },
  refresh: { status: 401, why: 'the sample’s token is none: test/api/auth' },
  acceptInvitation: { status: 401, why: 'the sample’s token is none: test/api/routes' },
  resetPassword: { status: 401, why: 'the sample’s token is none: test/api/auth' },
  listTenantUsage: { status: 403, why: 'it is for whoever runs the installation: test/api/routes' },
  predictPrice: { status: 404, why: 'no model is trained: test/api/routes' },
  predictPrices: { status: 404, why: 'no model is trained: test/api/routes' },
  approveOutreachOfProperty: { status: 503, why: 'nothing is sent here: test/workflows' },
  replaceCampaign: { status: 409, why: 'a campaign keeps its name, which the sample cannot know' },
  importContacts: { status: 400, why: 'its body is a file: test/api/routes' },
  uploadImport: { status: 400, why: 'its body is a file: test/api/routes' },
  setImportMapping: { status: 404, why: 'the sample has no file: test/api/routes' },
  removeSuppression: { status: 404, why: 'an address is known by its hash alone: test/api/routes' },
  removeBudget: { status: 404, why: 'budgets are named by what is bought, not by an id' },
  readTemplate: { status: 404, why: 'templates are named by their text, not by an id: test/api/routes' },
  saveTemplate: { status: 400, why: 'the sample has no parts: test/api/routes' },
  resetTemplate: { status: 404, why: 'templates are named by their text, not by an id: test/api/routes' },
  previewTemplate: { status: 404, why: 'templates are named by their text, not by an id: test/api/routes' },
  searchPropertiesByMeaning: { status: 503, why: 'no embedding model is set up: test/api/routes' },
  compareProperty: { status: 404, why: 'the sample has no sale to take in: test/api/routes' },
  readValuation: { status: 404, why: 'no model is trained: test/api/routes' },
  compareModels: { status: 404, why: 'no model is trained: test/api/routes' },
  rollBackModel: { status: 404, why: 'markets are named by their text, not by an id: test/api/routes' },
  readRescore: { status: 404, why: 'runs are of Temporal, and none has run: test/api/routes' },
  readDiscovery: { status: 404, why: 'runs are of Temporal, and none has run: test/api/routes' },
  readMarketLineage: { status: 404, why: 'markets are named by their text, not by an id: test/api/routes' },
  listTasks: { status: 404, why: 'no schedule has run: test/api/routes' },
};

/** Routes outside the registry, and why no id of a tenant can be asked for there. */
export const OTHER_ROUTES: Readonly<Record<string, string>> = {
  'GET /health': 'of the process',
  'GET /api/health': 'of the process',
  'GET /api/health/': 'of the process',
  'GET /api/health/comprehensive': 'of the installation',
  'GET /openapi.json': 'of the program',
  'GET /docs': 'of the program',
  'GET /docs/': 'of the program',
  'GET /docs/:file': 'of the program',
  'POST /mcp': 'asks the routes of the tools with the caller’s credential: test/api/mcp',
  'GET /interested': 'a page without data',
  'GET /': 'the dashboard’s page, without data',
  'GET /dashboard.json': 'of the installation',
  'GET /assets/:name': 'of the program',
  'GET /theme.js': 'of the program',
  'GET /icon.svg': 'of the program',
  'GET /icon-192.png': 'of the program',
  'GET /icon-512.png': 'of the program',
  'GET /icon-maskable-512.png': 'of the program',
  'GET /manifest.webmanifest': 'of the program',
  'GET /service-worker.js': 'of the program',
  'GET /invented-sales.csv': 'of the program: rows to try it with',
  'GET /mail-preview': 'an empty frame, which the page that asked fills: test/web',
  'GET /files/*': 'a signature over the tenant’s own key: test/api/routes',
  'GET /unsubscribe/:token': 'a random token: test/api/unsubscribe',
  'POST /unsubscribe/:token': 'a random token: test/api/unsubscribe',
  'POST /webhook/lob': 'signed by the provider: test/api/webhooks',
  'POST /webhook/sendgrid': 'signed by the provider: test/api/webhooks',
  'POST /webhook/sendgrid/inbound': 'signed by the provider: test/api/webhooks',
  'POST /webhook/twilio': 'signed by the provider: test/api/webhooks',
  'POST /webhook/twilio/inbound': 'signed by the provider: test/api/webhooks',
};
