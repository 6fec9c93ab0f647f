import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The search attributes of a property's workflow. Ids and numbers only: they are never encrypted. */
export const searchAttributes = {
  tenantId: defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD),
  county: defineSearchAttributeKey('County', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD),
  apn: defineSearchAttributeKey('Apn', SearchAttributeType.KEYWORD),
  campaignId: defineSearchAttributeKey('CampaignId', SearchAttributeType.KEYWORD),
  source: defineSearchAttributeKey('Source', SearchAttributeType.KEYWORD),
  birdDogScore: defineSearchAttributeKey('BirdDogScore', SearchAttributeType.DOUBLE),
  needsReview: defineSearchAttributeKey('NeedsReview', SearchAttributeType.BOOL),
} as const;
