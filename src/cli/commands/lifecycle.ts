import type { LifecycleStart } from '../../activities/platform/lifecycle-starter.ts';
import { readLifecycle } from '../../db/queries/lifecycle.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { type LifecycleListRow, listLifecycles, timeline } from '../../db/queries/reports.ts';
import { latestScore } from '../../db/queries/scores.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { workflowIds } from '../../domain/ids.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { take } from '../../sdk/client.ts';
import { type CommandContext, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import type { ApiVerb, Verb } from '../main.ts';
import { publicShape, table } from '../output.ts';

/** `reos lifecycle list`: every property, where it stands and why. */
export const lifecycleList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List properties with stage, score and reason, best first')
      .option('--status <status>', STATUSES.join(', '))
      .option('--county <slug>', 'one county')
      .option('--limit <n>', 'rows', '1000')
      .option('--offset <n>', 'rows to leave out', '0')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle list --status contacted'),
  async run(context, _args, options) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const counties = await system.counties();
      const filter = {
        status: statusOf(options.status),
        countyFips: options.county === undefined ? undefined : counties.find(String(options.county)).fips,
        limit: wholeNumber('--limit', options.limit),
        offset: wholeNumber('--offset', options.offset),
      };
      const rows = await withTenant(system.db, tenant.id, (trx) => listLifecycles(trx, filter));
      const lifecycles = rows.map((row) =>
        lifecycleOf(tenant.id, counties.byFips(row.countyFips)?.slug ?? row.countyFips, row),
      );
      const shown = lifecycles.map(({ address, apn, bird_dog_score: score, status, reason, property_id: id }) => ({
        property: address ?? apn,
        score: score?.toFixed(1) ?? '',
        status,
        reason: (reason ?? '').slice(0, 60),
        id,
      }));
      context.output.answer(
        { tenant: tenant.slug, lifecycles },
        table(shown, ['property', 'score', 'status', 'reason', 'id']),
      );
    });
  },
};

/** `reos lifecycle show ID`: one property, its score with reasons, its timeline. */
export const lifecycleShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Show one property: facts with sources, score with reasons, timeline')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle show 4f7c…'),
  async run(context, [id]) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const found = await withTenant(system.db, tenant.id, async (trx) => ({
        state: await readLifecycle(trx, checkId(id)),
        property: await readProperty(trx, checkId(id)),
        score: await latestScore(trx, checkId(id)),
        events: await timeline(trx, checkId(id)),
      }));
      const { state, property, score, events } = found;
      const reasons = (score?.reasons ?? []) as Array<{ label: string; contribution: number }>;
      const text = [
        `${property.address ?? property.apn}${property.fieldSources.address?.simulated ? ' (simulated address)' : ''}  ${[property.city, property.state, property.zipCode].filter(Boolean).join(', ')}`,
        `Status ${state.status}${state.failureReason ? `: ${state.failureReason}` : ''}${state.isPaused ? ' (paused)' : ''}`,
        `Score  ${score?.birdDogScore ?? 'none'}${score ? `, confidence ${score.confidence}` : ''}`,
        ...reasons
          .slice(0, 8)
          .map(({ label, contribution }) => `  ${contribution >= 0 ? '+' : ''}${contribution.toFixed(1)}  ${label}`),
        'Timeline',
        ...events.map(
          ({ timestamp, eventType, payload }) =>
            `  ${timestamp.toISOString()}  ${eventType}  ${JSON.stringify(payload)}`,
        ),
      ];
      context.output.answer(
        { workflow_id: workflowIds.property(tenant.id, property.id), ...publicShape(found) },
        text.join('\n'),
      );
    });
  },
};

/** `reos lifecycle pause ID`: nothing more happens to it until it is resumed. */
export const lifecyclePause: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Pause a property: no further step until it is resumed')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle pause 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkId(text);
    const order = await take(api.POST('/api/v1/properties/{id}/pause', { params: { path: { id } }, body: {} }));
    output.answer({ ...order, action: 'paused' }, `${id}: paused`);
  },
};

/** `reos lifecycle resume ID`: goes on with a paused one, and starts a failed one again where it stopped. */
export const lifecycleResume: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Resume a paused property, or a failed one from the stage that failed')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle resume 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkId(text);
    const order = await take(api.POST('/api/v1/properties/{id}/resume', { params: { path: { id } }, body: {} }));
    output.answer({ ...order, action: 'resumed' }, `${id}: resumed`);
  },
};

/** `reos lifecycle rescore ID`: scores again and waits for the result. */
export const lifecycleRescore: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Score a property again, now')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle rescore 4f7c…'),
  run: (context, [id]) =>
    withProperty(context, id, async (system, start) => {
      const view = await (await system.lifecycles()).update(start, 'reScore');
      return { action: 'rescored', bird_dog_score: view.birdDogScore, status: view.stage };
    }),
};

async function withProperty(
  context: CommandContext,
  id: string | undefined,
  act: (system: OpenSystem, start: LifecycleStart) => Promise<Record<string, unknown>>,
): Promise<void> {
  const propertyId = checkId(id);
  await useSystem(context, { services: true }, async (system) => {
    const tenant = await chooseTenant(context, system.db);
    const property = await withTenant(system.db, tenant.id, (trx) => readProperty(trx, propertyId));
    const county = (await system.counties()).byFips(property.countyFips)?.slug ?? property.countyFips;
    const summary = [property.city, property.state].filter(Boolean).join(', ') || county;
    const done = await act(system, {
      tenantId: tenant.id,
      propertyId,
      county,
      apn: property.apn,
      source: null,
      summary,
    });
    const workflowId = workflowIds.property(tenant.id, propertyId);
    context.output.answer(
      { property_id: propertyId, workflow_id: workflowId, ...done },
      `${property.address ?? property.apn ?? propertyId}: ${Object.values(done).join(', ')}`,
    );
  });
}

function lifecycleOf(tenantId: string, county: string, row: LifecycleListRow) {
  return {
    property_id: row.id,
    workflow_id: workflowIds.property(tenantId, row.id),
    county,
    status: row.status,
    bird_dog_score: row.birdDogScore,
    apn: row.apn,
    address: row.address,
    city: row.city,
    state: row.state,
    zip_code: row.zipCode,
    list_price: row.listPriceCents === null ? null : row.listPriceCents / 100,
    estimated_value: row.estimatedValueCents === null ? null : row.estimatedValueCents / 100,
    failed_stage: row.failedStage,
    reason: row.reason,
    held_until: row.heldUntil,
    is_paused: row.isPaused,
    needs_review: row.needsReview,
    updated_at: row.updatedAt,
  };
}

/** @throws ReosError `validation` for anything that is no property id */
export function checkId(id: string | undefined): string {
  if (id !== undefined && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return id;
  throw new ReosError('validation', `'${id}' is not a property id. Find one with: reos lifecycle list`);
}

function statusOf(value: unknown): string | undefined {
  if (value === undefined || (STATUSES as readonly unknown[]).includes(value)) return value as string | undefined;
  throw new ReosError('validation', `--status: '${String(value)}' is no status. One of: ${STATUSES.join(', ')}.`);
}

/** @throws ReosError `validation` naming the option */
export function wholeNumber(option: string, value: unknown): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is not a whole number of 0 or more.`);
}
