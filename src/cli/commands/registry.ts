import type { Verb } from '../main.ts';
import { api } from './api.ts';
import { brandingSet, brandingShow } from './branding.ts';
import { campaignApprove, campaignList, campaignShow } from './campaign.ts';
import { campaignCreate } from './campaign-create.ts';
import { campaignPreview } from './campaign-preview.ts';
import { campaignPause, campaignResume, campaignRun, campaignStop } from './campaign-run.ts';
import { comps } from './comps.ts';
import { deal } from './deal.ts';
import { demo } from './demo.ts';
import { discover } from './discover.ts';
import { doctor } from './doctor.ts';
import { forecast } from './forecast.ts';
import { importFile } from './import.ts';
import { leadScore } from './lead-score.ts';
import { lifecycleList, lifecyclePause, lifecycleRescore, lifecycleResume, lifecycleShow } from './lifecycle.ts';
import { memo } from './memo.ts';
import { migrateVerb } from './migrate.ts';
import { modelsList, modelsPromote, modelsRetire, modelsRollback, modelsShadow, modelsShow } from './models.ts';
import { modelsCompare, modelsDrift } from './models-watch.ts';
import { outbox } from './outbox.ts';
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
import { temporal } from './temporal.ts';
import { token } from './token.ts';
import { train } from './train.ts';
import { down, status, up } from './up.ts';
import { value } from './value.ts';
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
  outbox,
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
  worker,
  api,
  token,
  temporal,
};
