/** The subject of each event type: one producer per subject. */
export const EVENT_SUBJECTS = {
  'property.discovered': 'event.discovery.intake',
  'property.enriched': 'event.enrichment.features',
  'property.scored': 'event.scoring.calculated',
  'memo.generated': 'event.docgen.generated',
  'outreach.sent': 'event.outreach.sent',
  'timeline.updated': 'event.timeline.updated',
} as const;

export type EventType = keyof typeof EVENT_SUBJECTS;
