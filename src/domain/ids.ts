import { v5 as uuidV5 } from 'uuid';

/**
 * The property's id: stable for (tenant, county, APN), or (tenant, county, address key) while no APN is known.
 * A later APN does not change it; property_aliases remembers the other spelling.
 * @param identity normalised APN, or normalised address key
 */
export function propertyId(tenantId: string, countyFips: string, identity: string): string {
  return uuidV5(`${countyFips}:${identity}`, tenantId);
}

/** The id of one send: the same (contact, property, campaign, step) is the same send, for ever. */
export function sendId(
  tenantId: string,
  send: { contactId: string; propertyId: string; campaignId: string; step: number },
): string {
  return uuidV5(`${send.contactId}:${send.propertyId}:${send.campaignId}:${send.step}`, tenantId);
}

export const workflowIds = {
  property: (tenantId: string, property: string) => `property/${tenantId}/${property}`,
  discovery: (tenantId: string, countySlug: string) => `discovery/${tenantId}/${countySlug}`,
  /** One import of one file's content: importing the same bytes again meets the same run. */
  fileImport: (tenantId: string, contentHash: string) => `import/${tenantId}/${contentHash.slice(0, 16)}`,
  /** Scoring a tenant's properties again: one run at a time. */
  rescore: (tenantId: string) => `rescore/${tenantId}`,
  campaign: (tenantId: string, campaign: string) => `campaign/${tenantId}/${campaign}`,
} as const;
