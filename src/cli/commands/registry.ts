import type { Verb } from '../main.ts';
import { api } from './api.ts';
import { apiKeyCreate, apiKeyList, apiKeyRevoke } from './api-key.ts';
import { auditList, auditVerify } from './audit.ts';
import { brandingSet, brandingShow } from './branding.ts';
import { briefingList, briefingRun, briefingShow } from './briefing.ts';
import { budgetList, budgetRemove, budgetSet } from './budget.ts';
import { buyBoxList, buyBoxRemove, buyBoxSet } from './buy-box.ts';
import { campaignApprove, campaignList, campaignShow } from './campaign.ts';
import { campaignCreate } from './campaign-create.ts';
import { campaignPreview } from './campaign-preview.ts';
import { campaignPause, campaignResume, campaignRun, campaignStop } from './campaign-run.ts';
import { comps } from './comps.ts';
import { contactAdd, contactArchive, contactList, contactShow } from './contact.ts';
import { contactConsent } from './contact-consent.ts';
import { contactImport } from './contact-import.ts';
import { contactErase, contactExport } from './contact-privacy.ts';
import { deal } from './deal.ts';
import { demo } from './demo.ts';
import { discover } from './discover.ts';
import { doctor } from './doctor.ts';
import { forecast } from './forecast.ts';
import { importFile } from './import.ts';
import { invitationList, invitationRevoke } from './invitation.ts';
import { leadScore } from './lead-score.ts';
import { lifecycleList, lifecyclePause, lifecycleRescore, lifecycleResume, lifecycleShow } from './lifecycle.ts';
import { marketVerbs } from './market.ts';
import { marketLoad } from './market-load.ts';
import { marketWorld } from './market-world.ts';
import { mcp } from './mcp.ts';
import { memo } from './memo.ts';
import { migrateVerb } from './migrate.ts';
import { modelsList, modelsRetire, modelsShadow, modelsShow } from './models.ts';
import { modelsPromote, modelsRollback } from './models-champion.ts';
import { modelsCompare, modelsDrift } from './models-watch.ts';
import { outbox } from './outbox.ts';
import { outreachPause, outreachResume, outreachStatus } from './outreach.ts';
import { outreachDncImport, outreachSuppress, outreachSuppressions } from './outreach-suppress.ts';
import { outreachSettle, outreachUnknowns } from './outreach-unknowns.ts';
import { ratioStudyVerb } from './ratio-study.ts';
import { rescore } from './rescore.ts';
import {
  schedulesApply,
  schedulesBackfill,
  schedulesList,
  schedulesPause,
  schedulesResume,
  schedulesTrigger,
} from './schedules.ts';
import { score } from './score.ts';
import { scoreboard } from './scoreboard.ts';
import { similar } from './similar.ts';
import { templateList, templateReset, templateSet, templateShow } from './template.ts';
import { templatePreview } from './template-preview.ts';
import { temporal } from './temporal.ts';
import { tenantCreate, tenantList, tenantShow } from './tenant.ts';
import { train } from './train.ts';
import { down, status, up } from './up.ts';
import { userAdd, userDisable, userList, userRole } from './user.ts';
import { value } from './value.ts';
import { webhookAdd, webhookDisable, webhookEnable, webhookList, webhookRemove, webhookShow } from './webhook.ts';
import { worker } from './worker.ts';

/** Every verb by its path. A new one is one file and one line. */
export const COMMANDS: Readonly<Record<string, Verb>> = {
  demo,
  up,
  down,
  status,
  doctor,
  migrate: migrateVerb,
  import: importFile,
  discover,
  'lifecycle list': lifecycleList,
  'lifecycle show': lifecycleShow,
  'lifecycle pause': lifecyclePause,
  'lifecycle resume': lifecycleResume,
  'lifecycle rescore': lifecycleRescore,
  'schedules apply': schedulesApply,
  'schedules list': schedulesList,
  'schedules pause': schedulesPause,
  'schedules resume': schedulesResume,
  'schedules trigger': schedulesTrigger,
  'schedules backfill': schedulesBackfill,
  comps,
  similar,
  score,
  deal,
  rescore,
  memo,
  'branding show': brandingShow,
  'branding set': brandingSet,
  'template list': templateList,
  'template show': templateShow,
  'template set': templateSet,
  'template preview': templatePreview,
  'template reset': templateReset,
  outbox,
  'outreach status': outreachStatus,
  'outreach pause': outreachPause,
  'outreach resume': outreachResume,
  'outreach unknowns': outreachUnknowns,
  'outreach settle': outreachSettle,
  'outreach suppress': outreachSuppress,
  'outreach suppressions': outreachSuppressions,
  'outreach dnc import': outreachDncImport,
  'contact import': contactImport,
  'contact list': contactList,
  'contact show': contactShow,
  'contact add': contactAdd,
  'contact archive': contactArchive,
  'contact consent': contactConsent,
  'contact export': contactExport,
  'contact erase': contactErase,
  'budget list': budgetList,
  'budget set': budgetSet,
  'budget remove': budgetRemove,
  'buy-box list': buyBoxList,
  'buy-box set': buyBoxSet,
  'buy-box remove': buyBoxRemove,
  'campaign create': campaignCreate,
  'campaign list': campaignList,
  'campaign show': campaignShow,
  'campaign preview': campaignPreview,
  'campaign approve': campaignApprove,
  'campaign run': campaignRun,
  'campaign pause': campaignPause,
  'campaign resume': campaignResume,
  'campaign stop': campaignStop,
  'ratio-study': ratioStudyVerb,
  train,
  value,
  forecast,
  scoreboard,
  'lead-score': leadScore,
  'models list': modelsList,
  'models show': modelsShow,
  'models promote': modelsPromote,
  'models rollback': modelsRollback,
  'models retire': modelsRetire,
  'models shadow': modelsShadow,
  'models compare': modelsCompare,
  'models drift': modelsDrift,
  'briefing run': briefingRun,
  'briefing list': briefingList,
  'briefing show': briefingShow,
  'audit verify': auditVerify,
  'audit list': auditList,
  'tenant create': tenantCreate,
  'tenant list': tenantList,
  'tenant show': tenantShow,
  'user add': userAdd,
  'user list': userList,
  'user role': userRole,
  'user disable': userDisable,
  'invitation list': invitationList,
  'invitation revoke': invitationRevoke,
  'webhook add': webhookAdd,
  'webhook list': webhookList,
  'webhook show': webhookShow,
  'webhook disable': webhookDisable,
  'webhook enable': webhookEnable,
  'webhook remove': webhookRemove,
  'api-key create': apiKeyCreate,
  'api-key list': apiKeyList,
  'api-key revoke': apiKeyRevoke,
  ...marketVerbs,
  'market load': marketLoad,
  mcp,
  'market world': marketWorld,
  worker,
  api,
  temporal,
};
