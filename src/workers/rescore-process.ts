import { createBatchScorer, type RescoreBatch } from '../activities/score/rescore-batch.ts';
import { createValuers } from '../activities/score/value.ts';
import { createModelCache } from '../activities/score/value-models.ts';
import type { Counties } from '../config/county-index.ts';
import { connect } from '../db/connect.ts';
import type { County } from '../domain/county.ts';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { ScoringConfig } from '../domain/scoring/config.ts';
import { createLogger } from '../logger.ts';
import { deriveKeys, readSecret } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { openStore } from '../storage/open-store.ts';
import { createAvmRoom } from './avm.ts';

/** What of the settings such a process is told. */
export type RescoreSettings = Pick<Settings, 'home' | 'env' | 's3' | 'secretKey' | 'logLevel'> & {
  databaseUrl: string;
};

/** What the parent sends: how to begin, by what to score from now on, a batch. */
export type RescoreRequest =
  | { kind: 'open'; settings: RescoreSettings; lanes: number }
  | { kind: 'configure'; scoring: ScoringConfig; counties: readonly County[] }
  | { kind: 'batch'; id: number; batch: RescoreBatch };

/** What the child answers to a batch. */
export type RescoreAnswer =
  | { kind: 'done'; id: number; changed: number }
  | { kind: 'failed'; id: number; code: string; message: string };

type Scorer = (deps: Configured, batch: RescoreBatch) => Promise<number>;
type Configured = { scoring: ScoringConfig; counties: Counties };

function open(settings: RescoreSettings, lanes: number): { score: Scorer; close: () => Promise<void> } {
  const logger = createLogger(settings.logLevel, 'reos rescore');
  const db = connect({ url: settings.databaseUrl, logger, max: lanes, applicationName: 'reos rescore' });
  const keys = deriveKeys(readSecret(settings.home, settings.secretKey));
  const storage = openStore(settings, keys.fileLinks, '');
  const avm = createAvmRoom(settings, { onProgress: (message) => logger.info(message) });
  const models = createModelCache({ storage, avm, logger });
  const scorer = createBatchScorer(db);
  return {
    score: (deps, batch) =>
      scorer.run({ ...deps, ...createValuers({ models, counties: deps.counties, logger }) }, batch),
    close: async () => {
      models.close();
      await db.close();
    },
  };
}

function countiesFrom(all: readonly County[]): Counties {
  const byFips = (fips: string) => all.find((county) => county.fips === fips);
  const find = (key: string): County => {
    const county = byFips(key) ?? all.find(({ slug }) => slug === key);
    if (county !== undefined) return county;
    throw new ReosError('not_found', `There is no county ${key}.`);
  };
  return { all, byFips, find };
}

let opened: ReturnType<typeof open> | undefined;
let configured: Configured | undefined;

async function score(id: number, batch: RescoreBatch): Promise<void> {
  let answer: RescoreAnswer;
  try {
    if (opened === undefined || configured === undefined) throw new Error('a batch came before the configuration');
    answer = { kind: 'done', id, changed: await opened.score(configured, batch) };
  } catch (error) {
    const code = error instanceof ReosError ? error.code : 'internal';
    answer = { kind: 'failed', id, code, message: messageOf(error) };
  }
  if (process.connected) process.send?.(answer);
}

process.on('message', (request: RescoreRequest) => {
  if (request.kind === 'open') opened = open(request.settings, request.lanes);
  else if (request.kind === 'configure') {
    configured = { scoring: request.scoring, counties: countiesFrom(request.counties) };
  } else void score(request.id, request.batch);
});
// The parent decides when it ends, also when a person interrupts the whole group; without a parent there is no work.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => {
  const ended = opened?.close() ?? Promise.resolve();
  const force = setTimeout(() => process.exit(1), 5_000);
  force.unref();
  ended.then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
