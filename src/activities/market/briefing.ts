import { createHash } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';
import { putAgentRun } from '../../db/queries/agent-runs.ts';
import { briefingBefore, feedStates, putBriefing } from '../../db/queries/briefings.ts';
import { livePackets, type PacketRow } from '../../db/queries/decision-packets.ts';
import {
  applyPacketChanges,
  changesSince,
  knownPackets,
  lockPackets,
  startOfDay,
} from '../../db/queries/decision-packets-look.ts';
import { insertRecommendation } from '../../db/queries/market-feedback.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { issueKey, reconcilePackets } from '../../domain/market/packets.ts';
import type { MarketRules } from '../../domain/market/risk-rules.ts';
import { type BriefedPacket, type Briefing, briefingMarkdown } from '../../intelligence/briefing-markdown.ts';
import { postgresFeedback, readWeights } from '../../intelligence/feedback-store.ts';
import { LOOKS, type Plan, runPlan } from '../../intelligence/planner.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ActivityDeps } from '../deps.ts';
import { localDay } from './briefing-day.ts';
import { readCommentary } from './commentary.ts';

/** What a briefing is made with. */
export type BriefingDeps = Pick<ActivityDeps, 'db' | 'logger' | 'marketRules'> & {
  storage: Pick<ActivityDeps['storage'], 'put'>;
};

/** A briefing that was made. */
export interface MadeBriefing {
  id: string;
  day: string;
  /** Keys in the store: the Markdown, the day's pipeline, the newest pipeline. */
  paths: string[];
  /** The day's pipeline among them. */
  pipelinePath: string;
  packetIds: string[];
  markdown: string;
}

/** The id of a day's briefing: one a day. */
export const briefingId = (tenantId: string, day: string) => uuidV5(`briefing:${day}`, tenantId);

/**
 * Runs the loop, brings the packets up to date, and archives briefing and pipeline. Again on the same day: the same
 * briefing is replaced, no packet is doubled.
 * @throws ReosError `transient` when database or store do not answer; nothing is lost then, a rerun does it all
 */
export async function runBriefing(deps: BriefingDeps, tenantId: string, now: Date): Promise<MadeBriefing> {
  const { briefing, plan, packets } = await withTenant(deps.db, tenantId, async (trx) => {
    const tenant = await readOwnTenant(trx);
    const day = localDay(now, tenant.timeZone);
    const plan = await look(trx, now, day, LOOKS, deps.marketRules);
    return { plan, ...(await describe(trx, plan, { ...tenant, day })) };
  });
  const { day } = briefing;
  const markdown = briefingMarkdown(briefing);
  const folder = `tenants/${tenantId}/briefings`;
  const [path, pipelinePath] = [`${folder}/${day}.md`, `${folder}/${day}.deal-pipeline.json`];
  const newest = `tenants/${tenantId}/deal-pipeline.json`;
  const pipeline = Buffer.from(`${JSON.stringify(pipelineOf(plan, day), null, 2)}\n`);
  await deps.storage.put(path, Buffer.from(markdown), 'text/markdown; charset=utf-8');
  for (const key of [pipelinePath, newest]) await deps.storage.put(key, pipeline, 'application/json');
  const id = briefingId(tenantId, day);
  await withTenant(deps.db, tenantId, async (trx) => {
    const bySeverity: Record<string, number> = {};
    for (const { severity } of packets) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
    const summary = {
      headlines: [...briefing.headlines],
      packets: packets.map((packet) => packet.id),
      by_severity: bySeverity,
      notes: [...briefing.notes],
    };
    const sha256 = createHash('sha256').update(markdown).digest('hex');
    const row = { id, day, author: briefing.author, path, pipelinePath, sha256, summary };
    await putBriefing(trx, { ...row, dataThrough: briefing.dataThrough }, now);
    await putAgentRun(trx, planRun(id, day, plan), now);
  });
  return {
    id,
    day,
    paths: [path, pipelinePath, newest],
    pipelinePath,
    packetIds: packets.map((packet) => packet.id),
    markdown,
  };
}

/**
 * Asks the tools and brings the packets up to date with what they found, in one transaction; every new packet is written
 * down as a recommendation whose outcome is to be learnt from.
 */
export async function look(
  trx: TenantTrx,
  now: Date,
  day: string,
  looks = LOOKS,
  marketRules?: MarketRules,
): Promise<Plan> {
  await lockPackets(trx);
  const context = { warehouse: postgresWarehouse(trx), now, weights: await readWeights(trx), marketRules };
  const plan = await runPlan({ ...context, feedback: postgresFeedback(trx) }, looks);
  const changes = reconcilePackets(await knownPackets(trx, now), plan.findings, {
    day,
    now,
    wasChecked: plan.wasChecked,
  });
  const idOf = (key: string) => uuidV5(`packet:${day}:${key}`, trx.tenantId);
  const seen = await applyPacketChanges(trx, changes, { day, now, idOf });
  const findings = new Map(plan.findings.map((finding) => [issueKey(finding), finding]));
  for (const { id, issueKey: key, isNew } of seen) {
    const finding = findings.get(key);
    if (!isNew || finding === undefined) continue;
    await insertRecommendation(
      trx,
      {
        id: uuidV5(`recommendation:${id}`, trx.tenantId),
        packetId: id,
        tool: finding.tool,
        market: finding.market ?? undefined,
        segment: finding.segment ?? undefined,
        recommendation: finding.action,
        probability: finding.statedConfidence,
        predictedValue: finding.impact?.expected,
      },
      now,
    );
  }
  return plan;
}

async function describe(
  trx: TenantTrx,
  plan: Plan,
  { day, timeZone, name }: { day: string; timeZone: string; name: string },
): Promise<{ briefing: Briefing; packets: PacketRow[] }> {
  const packets = await livePackets(trx);
  const before = await briefingBefore(trx, day);
  const commentary = await readCommentary(trx, day);
  const missing = plan.sections.flatMap(({ title, unavailable }) =>
    unavailable === null ? [] : [`${title} is missing: ${unavailable}`],
  );
  const briefing: Briefing = {
    tenant: name,
    day,
    timeZone,
    author: commentary === null ? 'planner' : 'agent',
    dataThrough: plan.dataThrough,
    headlines: plan.headlines,
    before:
      before === undefined
        ? null
        : {
            day: before.day,
            figures: Object.fromEntries((before.summary.headlines ?? []).map((one) => [one.key, one.value])),
          },
    changes: await changesSince(trx, { day, at: await startOfDay(trx, day, timeZone) }),
    packets: packets.map((packet) => briefedOf(packet, timeZone)),
    sections: plan.sections,
    feeds: await feedStates(trx),
    notes: missing,
    commentary,
  };
  return { briefing, packets };
}

function briefedOf(packet: PacketRow, timeZone: string): BriefedPacket {
  const { id, issue, severity, evidence, action, impactLow, impactExpected, impactHigh, confidence, owner } = packet;
  const { status, firstSeen, timesSeen, expiresAt } = packet;
  const said = { id, issue, severity, evidence, action, impactLow, impactExpected, impactHigh, confidence, owner };
  return { ...said, status, firstSeen, timesSeen, expires: localDay(expiresAt, timeZone) };
}

function pipelineOf(plan: Plan, day: string): object {
  const answer = plan.steps.find(({ tool }) => tool === 'rank_top_100_deals')?.answer;
  const { deals = [], data_through = null, notes = [] } = (answer ?? {}) as Record<string, unknown>;
  return { as_of: day, data_through, notes, deals };
}

function planRun(id: string, day: string, plan: Plan) {
  const steps = plan.steps.map(({ tool, input, readings, error }) => ({ tool, input, readings, error }));
  const base = { id, kind: 'planner' as const, purpose: `briefing ${day}`, model: null, costMicros: 0, message: null };
  return { ...base, status: 'success' as const, steps };
}
