import { v5 as uuidV5 } from 'uuid';
import { type AgentRun, lockAgentRun, putAgentRun } from '../../db/queries/agent-runs.ts';
import { reserveModelCost, settleModelCost } from '../../db/queries/model-ledger.ts';
import { decide } from '../../db/queries/policy.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import {
  type AgentEntry,
  agentTurn,
  callTool,
  type ModelAnswer,
  type ModelQuestion,
  modelQuestion,
  textOf,
} from '../../intelligence/agent.ts';
import type { Section } from '../../intelligence/briefing-section.ts';
import { MOST_OUTPUT_TOKENS } from '../../intelligence/claude.ts';
import { readWeights } from '../../intelligence/feedback-store.ts';
import { runPlan } from '../../intelligence/planner.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { isBriefingDue, localDay } from './briefing-day.ts';

/** A model that may be asked, and what a million tokens cost, in 1e-6 USD. */
export interface PricedModel {
  ask(question: ModelQuestion): Promise<ModelAnswer>;
  name: string;
  millionInputMicros: number;
  millionOutputMicros: number;
  /** Tool calls in one conversation, at most. */
  maxSteps: number;
}

/** What is paid for, in budgets and the ledger. */
const RESOURCE = 'anthropic';
/** Rows of a table that the model is given; it can ask for more. */
const ROWS_GIVEN = 10;

/** The id of a day's conversation: one a day. */
export const commentaryId = (tenantId: string, day: string) => uuidV5(`commentary:${day}`, tenantId);

/** The checked text about a day, when there is one. */
export async function readCommentary(trx: TenantTrx, day: string): Promise<string | null> {
  const run = await lockAgentRun(trx, commentaryId(trx.tenantId, day));
  if (run?.status !== 'success') return null;
  const last = (run.steps as AgentEntry[]).findLast((entry) => entry.kind === 'model');
  return last?.kind === 'model' ? textOf(last.content) : null;
}

/** One conversation, one step of it at a time: the whole record is in agent_runs. */
export function createCommentaryActivities(
  deps: Pick<ActivityDeps, 'db' | 'clock' | 'marketRules'> & { model?: PricedModel | undefined },
) {
  const { db, clock } = deps;

  async function save(
    trx: TenantTrx,
    run: Pick<AgentRun, 'id' | 'costMicros'>,
    steps: readonly AgentEntry[],
    ended?: { status: 'success' | 'rejected' | 'failed'; message: string | null },
  ): Promise<void> {
    const { id, costMicros } = run;
    const state = ended ?? { status: 'running' as const, message: null };
    const about = { id, kind: 'agent' as const, purpose: 'briefing commentary', model: deps.model?.name ?? null };
    await putAgentRun(trx, { ...about, ...state, steps, costMicros }, clock());
  }

  /** The open run with its steps; null when it has ended. */
  async function running(trx: TenantTrx, runId: string): Promise<{ run: AgentRun; steps: AgentEntry[] } | null> {
    const run = await lockAgentRun(trx, runId);
    if (run === undefined) throw new ReosError('not_found', `There is no conversation ${runId}.`);
    return run.status === 'running' ? { run, steps: run.steps as AgentEntry[] } : null;
  }

  /** Writes down what follows from the newest answer; says which tools are to be asked now. */
  async function proceed(trx: TenantTrx, run: AgentRun, steps: AgentEntry[], maxSteps: number) {
    const turn = agentTurn(steps, maxSteps);
    if (turn.next === 'correct') steps.push({ kind: 'correction', text: turn.text });
    await save(trx, run, steps, turn.next === 'end' ? { status: turn.status, message: turn.message } : undefined);
    return { isOver: turn.next === 'end', calls: turn.next === 'tools' ? turn.calls.map(({ id }) => id) : [] };
  }

  return {
    /** Begins the conversation about a day whose briefing is due; null without a model, or when there was one today. */
    async beginCommentary({ tenantId }: { tenantId: string }): Promise<{ runId: string } | null> {
      if (deps.model === undefined) return null;
      const now = clock();
      return withTenant(db, tenantId, async (trx) => {
        if (!(await isBriefingDue(trx, now))) return null;
        const day = localDay(now, (await readOwnTenant(trx)).timeZone);
        const runId = commentaryId(tenantId, day);
        const known = await lockAgentRun(trx, runId);
        if (known !== undefined) return known.status === 'running' ? { runId } : null;
        const plan = await runPlan({
          warehouse: postgresWarehouse(trx),
          now,
          weights: await readWeights(trx),
          marketRules: deps.marketRules,
        });
        const given = { headlines: plan.headlines, tables: plan.sections.map(givenOf), data_through: plan.dataThrough };
        const text = `Write what stands at the head of the market briefing of ${day}: what matters most and what should be decided.`;
        // The day is known, too.
        await save(trx, { id: runId, costMicros: 0 }, [{ kind: 'question', text, given: { day, ...given } }]);
        return { runId };
      });
    },

    /**
     * Asks the model once, after the price of the question is reserved in the budget, and says which tools it wants.
     * @throws ReosError `transient` when it should be asked again: nothing is paid for then
     */
    async askModel({
      tenantId,
      runId,
    }: {
      tenantId: string;
      runId: string;
    }): Promise<{ isOver: boolean; calls: string[] }> {
      const { model } = deps;
      if (model === undefined) throw new ReosError('missing_part', 'ANTHROPIC_API_KEY is not set any more.');
      const begun = await withTenant(db, tenantId, async (trx) => {
        const open = await running(trx, runId);
        if (open === null) return { isOver: true, calls: [] };
        const turn = agentTurn(open.steps, model.maxSteps);
        if (turn.next !== 'ask') return proceed(trx, open.run, open.steps, model.maxSteps);
        const question = modelQuestion(open.steps);
        const costMicros = mostMicros(model, question);
        const actor = { kind: 'system' as const, name: 'briefing' };
        const decision = await decide(trx, { actor, action: 'model:call', resource: RESOURCE, costMicros });
        if (!decision.allow) {
          await save(trx, open.run, open.steps, { status: 'failed', message: decision.reason });
          return { isOver: true, calls: [] };
        }
        const ledgerId = await reserveModelCost(trx, { resource: RESOURCE, runId, costMicros, at: clock() });
        return { question, ledgerId };
      });
      if (!('question' in begun)) return begun;
      const { question, ledgerId } = begun;
      const heartbeat = startHeartbeat();
      try {
        const answer = await model.ask(question).catch(async (error: unknown) => {
          await withTenant(db, tenantId, (trx) => settleModelCost(trx, ledgerId, { outcome: outcomeOf(error) }));
          throw error;
        });
        const costMicros = priceMicros(model, answer.inputTokens, answer.outputTokens);
        return await withTenant(db, tenantId, async (trx) => {
          await settleModelCost(trx, ledgerId, { outcome: 'ok', costMicros });
          const open = await running(trx, runId);
          if (open === null) return { isOver: true, calls: [] };
          const run = { ...open.run, costMicros: open.run.costMicros + costMicros };
          return proceed(trx, run, [...open.steps, { kind: 'model', costMicros, ...answer }], model.maxSteps);
        });
      } finally {
        heartbeat.stop();
      }
    },

    /** Asks one tool for the model and writes down what it answered; again it does nothing. */
    async callModelTool({
      tenantId,
      runId,
      callId,
    }: {
      tenantId: string;
      runId: string;
      callId: string;
    }): Promise<void> {
      const heartbeat = startHeartbeat();
      try {
        await withTenant(db, tenantId, async (trx) => {
          const open = await running(trx, runId);
          const turn = open === null ? null : agentTurn(open.steps, Number.POSITIVE_INFINITY);
          const call = turn?.next === 'tools' ? turn.calls.find(({ id }) => id === callId) : undefined;
          if (open === null || call === undefined) return;
          const context = {
            warehouse: postgresWarehouse(trx),
            now: clock(),
            weights: await readWeights(trx),
            marketRules: deps.marketRules,
          };
          await save(trx, open.run, [...open.steps, await callTool(context, call)]);
        });
      } finally {
        heartbeat.stop();
      }
    },

    /** Ends a conversation that could not go on. The briefing then has no text of the model. */
    endCommentary: ({
      tenantId,
      runId,
      message,
    }: {
      tenantId: string;
      runId: string;
      message: string;
    }): Promise<void> =>
      withTenant(db, tenantId, async (trx) => {
        const open = await running(trx, runId);
        if (open !== null) await save(trx, open.run, open.steps, { status: 'failed', message });
      }),
  };
}

function givenOf({ title, unavailable, columns, rows, notes }: Section): object {
  const told = rows
    .slice(0, ROWS_GIVEN)
    .map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.value)));
  return { title, unavailable, columns, rows: told, notes };
}

/** Refused questions cost nothing; who got no readable answer does not know. */
function outcomeOf(error: unknown): 'error' | 'unknown' {
  return error instanceof ReosError && typeof error.details.status === 'number' ? 'error' : 'unknown';
}

const priceMicros = (model: PricedModel, inputTokens: number, outputTokens: number) =>
  Math.ceil((inputTokens * model.millionInputMicros + outputTokens * model.millionOutputMicros) / 1e6);

/** A token has two characters at least, in JSON with many figures. */
const mostMicros = (model: PricedModel, question: ModelQuestion) =>
  priceMicros(model, Math.ceil(JSON.stringify(question).length / 2), MOST_OUTPUT_TOKENS);
