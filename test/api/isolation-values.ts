import { makeWebhookSecret, secretOwner } from '../../src/api/outgoing/signature.ts';
import { contactKeys } from '../../src/db/contact-keys.ts';
import { sealDetails } from '../../src/db/queries/contacts.ts';
import { deriveKeys } from '../../src/secrets.ts';
import { WHOLE_API_SECRET } from '../support/whole-api.ts';
import type { SeededTenant } from './isolation-world.ts';

const keys = contactKeys(deriveKeys(WHOLE_API_SECRET));
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** SQL of the values that seeded rows need so that routes take them for whole, by `table.column`. */
export function seedValues({ tenantId, id, marker }: SeededTenant): Readonly<Record<string, string>> {
  const details = { name: marker, email: `${marker}@example.com`, phone: '+12065550123', postalAddress: null };
  const { sealed, emailHash, phoneHash } = sealDetails(keys, tenantId, id, details);
  return {
    // The chain goes on from its head: one of another name than any that the product writes to.
    'audit_heads.chain': quoted(marker),
    'audit_log.seq': '1000000000',
    'contacts.sealed': quoted(sealed),
    'contacts.email_hash': quoted(emailHash ?? ''),
    'contacts.phone_hash': quoted(phoneHash ?? ''),
    'contacts.time_zone': quoted('America/Los_Angeles'),
    'campaigns.audience': quoted(JSON.stringify({ counties: [], countyFips: [], propertyTypes: [], contactTags: [] })),
    'campaigns.sender': quoted(JSON.stringify({ name: 'Example Homes', email: 'deals@example.com' })),
    'campaigns.kind': quoted('investor'),
    'campaign_steps.step': '1',
    'campaign_steps.channel': quoted('email'),
    'campaign_steps.template': quoted('investor-email'),
    'campaigns.status': quoted('draft'),
    'comments.kind': quoted('comment'),
    'properties.county_fips': quoted('53033'),
    'decision_packets.expires_at': `now() + interval '1 day'`,
    'briefings.headlines': quoted('[]'),
    'decision_packets.evidence': quoted('[]'),
    'ml_models.metrics': quoted('{"mdape": 0.1}'),
    'imports.county_fips': quoted('53033'),
    // Neither relay nor deliveries have anything to do with what is seeded.
    'signal_outbox.delivered_at': 'now()',
    'webhook_deliveries.status': quoted('delivered'),
    'webhook_endpoints.sealed_secret': quoted(keys.sealer.seal(secretOwner(tenantId, id), makeWebhookSecret())),
    'outreach_messages.status': quoted('unknown'),
    'user_accounts.role': quoted('admin'),
    'user_accounts.status': quoted('active'),
    'user_accounts.tokens_valid_from': `now() - interval '1 hour'`,
    'scheduled_reports.time_zone': quoted('America/Los_Angeles'),
    'lead_scores.reasons': quoted('[]'),
    'property_scores.reasons': quoted('[]'),
    'user_accounts.email': quoted(`${marker}@example.com`),
  };
}
