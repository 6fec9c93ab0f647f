import type { Verb } from '../main.ts';

/** A verb that is loaded when it is asked for. */
export interface VerbEntry {
  /** Its line in the list of all verbs, as its own description or summary says; empty for one that is in a group. */
  summary: string;
  load(): Promise<Verb>;
}

/** The verbs of `reos market` that ask a tool. */
const MARKET_TOOLS = [
  'tools',
  'get-market-summary',
  'get-market-trend',
  'detect-anomalies',
  'detect-inventory-surges',
  'score-market-risk',
  'rank-all-markets',
  'get-top-deals',
  'estimate-renovation',
  'get-contribution-margin-forecast',
  'rank-top-100-deals',
  'analyze-pricing-accuracy',
  'analyze-funnel-drop',
  'generate-pricing-actions',
  'estimate-business-impact',
  'log-recommendation',
  'record-outcome',
  'recalibrate-confidence',
  'rank',
  'surges',
] as const;

/** Every verb by its path. A new one is one file and one line: where it is, what it is called there. */
export const COMMANDS: Readonly<Record<string, VerbEntry>> = {
  demo: verb(
    () => import('./demo.ts'),
    'demo',
    'Drive 300 parcels and a listing site all the way: discover, enrich, score, memo, outbox, events',
  ),
  up: verb(
    () => import('./up.ts'),
    'up',
    'Start Postgres, Temporal, workers and the API, and stay in front until Ctrl-C',
  ),
  down: verb(() => import('./up.ts'), 'down', 'Stop the running system of this home'),
  status: verb(() => import('./up.ts'), 'status', 'Show what runs and where'),
  doctor: verb(
    () => import('./doctor.ts'),
    'doctor',
    'Show each part, where it comes from, its version, and what is wrong',
  ),
  migrate: verb(
    () => import('./migrate.ts'),
    'migrateVerb',
    'Bring the database to the newest schema (safe to run twice, and by two at once)',
  ),
  import: verb(
    () => import('./import.ts'),
    'importFile',
    'Read a CSV, JSON or saved HTML file into properties and start their lifecycles',
  ),
  discover: verb(
    () => import('./discover.ts'),
    'discover',
    "Read a county's sources now and start the lifecycles of what they bring",
  ),
  'lifecycle list': verb(() => import('./lifecycle.ts'), 'lifecycleList'),
  'lifecycle show': verb(() => import('./lifecycle.ts'), 'lifecycleShow'),
  'lifecycle pause': verb(() => import('./lifecycle.ts'), 'lifecyclePause'),
  'lifecycle resume': verb(() => import('./lifecycle.ts'), 'lifecycleResume'),
  'lifecycle rescore': verb(() => import('./lifecycle.ts'), 'lifecycleRescore'),
  'schedules apply': verb(() => import('./schedules.ts'), 'schedulesApply'),
  'schedules list': verb(() => import('./schedules.ts'), 'schedulesList'),
  'schedules pause': verb(() => import('./schedules.ts'), 'schedulesPause'),
  'schedules resume': verb(() => import('./schedules.ts'), 'schedulesResume'),
  'schedules trigger': verb(() => import('./schedules.ts'), 'schedulesTrigger'),
  'schedules backfill': verb(() => import('./schedules.ts'), 'schedulesBackfill'),
  comps: verb(
    () => import('./comps.ts'),
    'comps',
    'Comparable sales of a property: adjustments, reasons for and against, value',
  ),
  similar: verb(
    () => import('./similar.ts'),
    'similar',
    'Properties most like this one, in 35 dimensions, with filters',
  ),
  score: verb(
    () => import('./score.ts'),
    'score',
    'Show the score of a property, why it is what it is, and what would lift it',
  ),
  deal: verb(() => import('./deal.ts'), 'deal', 'Work a deal out: renovation, maximum offer, flip, rental, BRRRR'),
  rescore: verb(
    () => import('./rescore.ts'),
    'rescore',
    'Score all properties again, or those whose score is outdated',
  ),
  memo: verb(() => import('./memo.ts'), 'memo', 'List memos with signed links, or save one as a file'),
  'branding show': verb(() => import('./branding.ts'), 'brandingShow'),
  'branding set': verb(() => import('./branding.ts'), 'brandingSet'),
  'template list': verb(() => import('./template.ts'), 'templateList'),
  'template show': verb(() => import('./template.ts'), 'templateShow'),
  'template set': verb(() => import('./template.ts'), 'templateSet'),
  'template preview': verb(() => import('./template-preview.ts'), 'templatePreview'),
  'template reset': verb(() => import('./template.ts'), 'templateReset'),
  outbox: verb(
    () => import('./outbox.ts'),
    'outbox',
    'List messages with their status; without a mail provider they are files in the outbox folder',
  ),
  'outreach status': verb(() => import('./outreach.ts'), 'outreachStatus'),
  'outreach pause': verb(() => import('./outreach.ts'), 'outreachPause'),
  'outreach resume': verb(() => import('./outreach.ts'), 'outreachResume'),
  'outreach unknowns': verb(() => import('./outreach-unknowns.ts'), 'outreachUnknowns'),
  'outreach settle': verb(() => import('./outreach-unknowns.ts'), 'outreachSettle'),
  'outreach suppress': verb(() => import('./outreach-suppress.ts'), 'outreachSuppress'),
  'outreach suppressions': verb(() => import('./outreach-suppress.ts'), 'outreachSuppressions'),
  'outreach dnc import': verb(() => import('./outreach-suppress.ts'), 'outreachDncImport'),
  'contact import': verb(() => import('./contact-import.ts'), 'contactImport'),
  'contact list': verb(() => import('./contact.ts'), 'contactList'),
  'contact show': verb(() => import('./contact.ts'), 'contactShow'),
  'contact add': verb(() => import('./contact.ts'), 'contactAdd'),
  'contact archive': verb(() => import('./contact.ts'), 'contactArchive'),
  'contact consent': verb(() => import('./contact-consent.ts'), 'contactConsent'),
  'contact export': verb(() => import('./contact-privacy.ts'), 'contactExport'),
  'contact erase': verb(() => import('./contact-privacy.ts'), 'contactErase'),
  'budget list': verb(() => import('./budget.ts'), 'budgetList'),
  'budget set': verb(() => import('./budget.ts'), 'budgetSet'),
  'budget remove': verb(() => import('./budget.ts'), 'budgetRemove'),
  'buy-box list': verb(() => import('./buy-box.ts'), 'buyBoxList'),
  'buy-box set': verb(() => import('./buy-box.ts'), 'buyBoxSet'),
  'buy-box remove': verb(() => import('./buy-box.ts'), 'buyBoxRemove'),
  'campaign create': verb(() => import('./campaign-create.ts'), 'campaignCreate'),
  'campaign list': verb(() => import('./campaign.ts'), 'campaignList'),
  'campaign show': verb(() => import('./campaign.ts'), 'campaignShow'),
  'campaign preview': verb(() => import('./campaign-preview.ts'), 'campaignPreview'),
  'campaign approve': verb(() => import('./campaign.ts'), 'campaignApprove'),
  'campaign run': verb(() => import('./campaign-run.ts'), 'campaignRun'),
  'campaign pause': verb(() => import('./campaign-run.ts'), 'campaignPause'),
  'campaign resume': verb(() => import('./campaign-run.ts'), 'campaignResume'),
  'campaign stop': verb(() => import('./campaign-run.ts'), 'campaignStop'),
  'ratio-study': verb(
    () => import('./ratio-study.ts'),
    'ratioStudyVerb',
    'Hold assessed values against sale prices: median ratio, COD, PRD, PRB, and the IAAO standard',
  ),
  train: verb(
    () => import('./train.ts'),
    'train',
    'Train a valuation model on sales, test it on later ones beside its baselines, and enter it',
  ),
  value: verb(
    () => import('./value.ts'),
    'value',
    "Value a house by its market's model: value, intervals, confidence, and what made it",
  ),
  forecast: verb(
    () => import('./forecast.ts'),
    'forecast',
    "Forecast a county's prices from the stored sales, with intervals tested on its own past",
  ),
  scoreboard: verb(
    () => import('./scoreboard.ts'),
    'scoreboard',
    'How valuations came true: each one against the sale that followed it, by county and model',
  ),
  'lead-score': verb(
    () => import('./lead-score.ts'),
    'leadScore',
    'How likely a lead answers, learned from recorded outcomes once there are enough',
  ),
  'models list': verb(() => import('./models.ts'), 'modelsList'),
  'models show': verb(() => import('./models.ts'), 'modelsShow'),
  'models promote': verb(() => import('./models-champion.ts'), 'modelsPromote'),
  'models rollback': verb(() => import('./models-champion.ts'), 'modelsRollback'),
  'models retire': verb(() => import('./models.ts'), 'modelsRetire'),
  'models shadow': verb(() => import('./models.ts'), 'modelsShadow'),
  'models compare': verb(() => import('./models-watch.ts'), 'modelsCompare'),
  'models drift': verb(() => import('./models-watch.ts'), 'modelsDrift'),
  'briefing run': verb(() => import('./briefing.ts'), 'briefingRun'),
  'briefing list': verb(() => import('./briefing.ts'), 'briefingList'),
  'briefing show': verb(() => import('./briefing.ts'), 'briefingShow'),
  'audit verify': verb(() => import('./audit.ts'), 'auditVerify'),
  'audit list': verb(() => import('./audit.ts'), 'auditList'),
  'tenant create': verb(() => import('./tenant.ts'), 'tenantCreate'),
  'tenant list': verb(() => import('./tenant.ts'), 'tenantList'),
  'tenant show': verb(() => import('./tenant.ts'), 'tenantShow'),
  'user add': verb(() => import('./user.ts'), 'userAdd'),
  'user list': verb(() => import('./user.ts'), 'userList'),
  'user role': verb(() => import('./user.ts'), 'userRole'),
  'user disable': verb(() => import('./user.ts'), 'userDisable'),
  'invitation list': verb(() => import('./invitation.ts'), 'invitationList'),
  'invitation revoke': verb(() => import('./invitation.ts'), 'invitationRevoke'),
  'webhook add': verb(() => import('./webhook.ts'), 'webhookAdd'),
  'webhook list': verb(() => import('./webhook.ts'), 'webhookList'),
  'webhook show': verb(() => import('./webhook.ts'), 'webhookShow'),
  'webhook disable': verb(() => import('./webhook.ts'), 'webhookDisable'),
  'webhook enable': verb(() => import('./webhook.ts'), 'webhookEnable'),
  'webhook remove': verb(() => import('./webhook.ts'), 'webhookRemove'),
  'api-key create': verb(() => import('./api-key.ts'), 'apiKeyCreate'),
  'api-key list': verb(() => import('./api-key.ts'), 'apiKeyList'),
  'api-key revoke': verb(() => import('./api-key.ts'), 'apiKeyRevoke'),
  ...Object.fromEntries(
    MARKET_TOOLS.map((name) => [
      `market ${name}`,
      { summary: '', load: async () => knownVerb((await import('./market.ts')).marketVerbs, `market ${name}`) },
    ]),
  ),
  'market forecast': verb(() => import('./market-forecast.ts'), 'marketForecast'),
  'market load': verb(() => import('./market-load.ts'), 'marketLoad'),
  mcp: verb(
    () => import('./mcp.ts'),
    'mcp',
    'Serve the market tools over the Model Context Protocol on stdin and stdout, until stdin ends',
  ),
  'market world': verb(() => import('./market-world.ts'), 'marketWorld'),
  worker: verb(
    () => import('./worker.ts'),
    'worker',
    'Run Temporal workers, in front; needs DATABASE_URL and TEMPORAL_ADDRESS (reos up runs them for you)',
  ),
  api: verb(
    () => import('./api.ts'),
    'api',
    'Run the HTTP API, in front; needs DATABASE_URL and TEMPORAL_ADDRESS (reos up runs it for you)',
  ),
  temporal: verb(() => import('./temporal.ts'), 'temporal', 'Run the temporal CLI against this system'),
};

function verb<Name extends string>(
  load: () => Promise<Readonly<Record<Name, Verb>>>,
  name: Name,
  summary = '',
): VerbEntry {
  return { summary, load: async () => (await load())[name] };
}

function knownVerb(verbs: Readonly<Record<string, Verb>>, path: string): Verb {
  const found = verbs[path];
  if (found === undefined) throw new Error(`src/cli/commands/market.ts has no ${path}`);
  return found;
}
