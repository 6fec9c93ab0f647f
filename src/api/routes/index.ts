import type { ApiDeps } from '../deps.ts';
import type { Endpoint } from '../kit/endpoint.ts';
import { activityEndpoints } from './activity.ts';
import { analysisEndpoints } from './analysis.ts';
import { analyticsEndpoints } from './analytics.ts';
import { analyticsFigureEndpoints } from './analytics-figures.ts';
import { apiKeyEndpoints } from './api-keys.ts';
import { assignmentEndpoints } from './assignments.ts';
import { auditEndpoints } from './audit.ts';
import { authEndpoints } from './auth.ts';
import { brandingEndpoints } from './branding.ts';
import { briefingEndpoints } from './briefings.ts';
import { budgetEndpoints } from './budgets.ts';
import { buyBoxEndpoints } from './buy-boxes.ts';
import { campaignOrderEndpoints } from './campaign-orders.ts';
import { campaignEndpoints } from './campaigns.ts';
import { collaborationSearchEndpoints } from './collaboration-search.ts';
import { commentEndpoints } from './comments.ts';
import { comparableEndpoints } from './comparables.ts';
import { confidenceWeightEndpoints } from './confidence-weights.ts';
import { contactImportEndpoints } from './contact-import.ts';
import { contactPrivacyEndpoints } from './contact-privacy.ts';
import { contactEndpoints } from './contacts.ts';
import { countyEndpoints } from './counties.ts';
import { dealEndpoints } from './deals.ts';
import { decisionPacketEndpoints } from './decision-packets.ts';
import { documentEndpoints } from './documents.ts';
import { enrichmentEndpoints } from './enrichment.ts';
import { enrichmentStatsEndpoints } from './enrichment-stats.ts';
import { eventEndpoints } from './events.ts';
import { forecastEndpoints } from './forecasts.ts';
import { importRefusedEndpoints } from './import-refused.ts';
import { importEndpoints } from './imports.ts';
import { importRunEndpoints } from './imports-run.ts';
import { intakeEndpoints } from './intake.ts';
import { intelligenceEndpoints } from './intelligence.ts';
import { invitationEndpoints } from './invitations.ts';
import { lifecycleListEndpoints } from './lifecycle-list.ts';
import { lifecycleEndpoints } from './lifecycles.ts';
import { marketEventEndpoints } from './market-events.ts';
import { marketFeedEndpoints } from './market-feeds.ts';
import { marketListEndpoints } from './market-list.ts';
import { metricsEndpoints } from './metrics.ts';
import { modelWatchEndpoints } from './model-watch.ts';
import { modelEndpoints } from './models.ts';
import { notificationEndpoints } from './notifications.ts';
import { outboxEndpoints } from './outbox.ts';
import { outreachEndpoints } from './outreach.ts';
import { ownAccountEndpoints } from './own-account.ts';
import { ownWeightsEndpoints } from './own-weights.ts';
import { passwordResetEndpoints } from './password-resets.ts';
import { pipelineEndpoints } from './pipelines.ts';
import { predictEndpoints } from './predict.ts';
import { propertyEndpoints } from './properties.ts';
import { propertySearchEndpoints } from './properties-search.ts';
import { propertyExportEndpoints } from './property-export.ts';
import { propertySemanticEndpoints } from './property-semantic.ts';
import { propertyTagEndpoints } from './property-tags.ts';
import { propertyViewEndpoints } from './property-views.ts';
import { prospectEndpoints } from './prospects.ts';
import { quarantineEndpoints } from './quarantine.ts';
import { reportEndpoints } from './reports.ts';
import { rescoreEndpoints } from './rescores.ts';
import { savedSearchEndpoints } from './saved-searches.ts';
import { scheduleEndpoints } from './schedules.ts';
import { scoringEndpoints } from './scoring.ts';
import { scrapingEndpoints } from './scraping.ts';
import { suppressionEndpoints } from './suppressions.ts';
import { tagEndpoints } from './tags.ts';
import { templateEndpoints } from './templates.ts';
import { tenantEndpoints } from './tenants.ts';
import { unknownEndpoints } from './unknowns.ts';
import { usageEndpoints } from './usage.ts';
import { userEndpoints } from './users.ts';
import { webhookDeliveryEndpoints } from './webhook-deliveries.ts';
import { webhookEndpoints } from './webhooks.ts';
import { whatIfEndpoints } from './what-if.ts';

/** Every route of the document. A new noun is one file here beside and one line. */
export function endpointsOf(deps: ApiDeps): Endpoint[] {
  return [
    ...eventEndpoints(deps),
    ...enrichmentEndpoints(),
    ...enrichmentStatsEndpoints(),
    ...analyticsEndpoints(),
    ...analyticsFigureEndpoints(),
    ...metricsEndpoints(),
    ...pipelineEndpoints(deps),
    ...scheduleEndpoints(deps),
    // Before the one by id, which would take `search` for an id.
    ...propertySearchEndpoints(),
    ...propertySemanticEndpoints(deps),
    ...propertyExportEndpoints(),
    ...propertyEndpoints(),
    ...savedSearchEndpoints(),
    ...reportEndpoints(),
    ...prospectEndpoints(),
    ...quarantineEndpoints(),
    ...predictEndpoints(deps),
    ...marketEventEndpoints(),
    ...marketFeedEndpoints(),
    ...marketListEndpoints(deps),
    ...intelligenceEndpoints(deps),
    ...decisionPacketEndpoints(),
    ...briefingEndpoints(deps),
    ...confidenceWeightEndpoints(),
    ...scoringEndpoints(),
    ...intakeEndpoints(deps),
    ...importEndpoints(deps),
    ...importRunEndpoints(deps),
    ...importRefusedEndpoints(),
    ...scrapingEndpoints(),
    ...authEndpoints({ db: deps.db, ...deps.auth }),
    ...ownAccountEndpoints(),
    ...userEndpoints(),
    ...invitationEndpoints({ ...deps, ...deps.auth }),
    ...passwordResetEndpoints({ ...deps, ...deps.auth }),
    ...apiKeyEndpoints(deps.auth),
    ...tenantEndpoints(deps),
    ...assignmentEndpoints(),
    ...activityEndpoints(),
    ...commentEndpoints(),
    ...collaborationSearchEndpoints(deps),
    ...campaignEndpoints(deps),
    ...campaignOrderEndpoints(deps),
    ...contactEndpoints(deps),
    ...contactImportEndpoints(deps),
    ...contactPrivacyEndpoints(deps),
    ...buyBoxEndpoints(deps),
    ...outreachEndpoints(),
    ...unknownEndpoints(deps),
    ...suppressionEndpoints(deps),
    ...documentEndpoints(deps),
    ...budgetEndpoints(deps),
    ...templateEndpoints(deps),
    ...analysisEndpoints(deps),
    ...comparableEndpoints(deps),
    ...dealEndpoints(deps),
    ...whatIfEndpoints(deps),
    ...ownWeightsEndpoints(deps),
    ...forecastEndpoints(deps),
    // Before the one by id, which would take `compare` for an id.
    ...modelWatchEndpoints(deps),
    ...modelEndpoints(deps),
    ...countyEndpoints(deps),
    ...rescoreEndpoints(deps),
    ...lifecycleListEndpoints(deps),
    ...brandingEndpoints(deps),
    ...outboxEndpoints(deps),
    ...lifecycleEndpoints(deps),
    ...auditEndpoints(),
    ...usageEndpoints(deps),
    ...notificationEndpoints(),
    ...propertyTagEndpoints(),
    ...propertyViewEndpoints(),
    ...tagEndpoints(),
    ...webhookEndpoints(deps),
    ...webhookDeliveryEndpoints(deps),
  ];
}
