/**
 * Bodies by operation, for those that their schema alone does not make: `<id>` is where an id of the tenant stands,
 * `<name>` a name that identifies, `<text>` anything new.
 */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  addSuppressions: { channel: 'email', addresses: ['<text>@example.com'], reason: 'manual' },
  removeSuppression: { channel: 'email', address: '<text>@example.com', reason: '<text>' },
  saveTemplate: { parts: { txt: '<text>' } },
  tryWeights: { weights: { flood_risk: 1 } },
  backfillSchedule: { from: '2026-06-01T00:00:00Z', to: '2026-06-02T00:00:00Z' },
};

/** Routes that refuse every sample, and why. */
export const ALWAYS_REFUSED: Readonly<Record<string, string>> = {
  changePassword: 'the password of the sample’s person is not known',
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
  'GET /interested': 'a page without data',
  'GET /files/*': 'a signature over the tenant’s own key: test/api/routes',
  'GET /unsubscribe/:token': 'a random token: test/api/unsubscribe',
  'POST /unsubscribe/:token': 'a random token: test/api/unsubscribe',
  'POST /webhook/lob': 'signed by the provider: test/api/webhooks',
  'POST /webhook/sendgrid': 'signed by the provider: test/api/webhooks',
  'POST /webhook/sendgrid/inbound': 'signed by the provider: test/api/webhooks',
  'POST /webhook/twilio': 'signed by the provider: test/api/webhooks',
  'POST /webhook/twilio/inbound': 'signed by the provider: test/api/webhooks',
};
