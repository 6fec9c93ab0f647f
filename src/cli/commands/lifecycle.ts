import { ReosError } from '../../domain/errors.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { type components, take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';

type Lifecycle = components['schemas']['Lifecycle'];
/** Rows in one answer of the API, at most. */
const LARGEST_PAGE = 200;
/** More than any property has. */
const MOST_EVENTS = 10_000;

/** `reos lifecycle list`: every property, where it stands and why. */
export const lifecycleList: ApiVerb = {
  describe: (command) =>
    command
      .description('List properties with stage, score and reason, best first')
      .option('--status <status>', STATUSES.join(', '))
      .option('--county <slug>', 'one county')
      .option('--limit <n>', 'rows', '1000')
      .option('--offset <n>', 'rows to leave out', '0')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle list --status contacted'),
  async ask({ api, output }, _args, options) {
    const status = statusOf(options.status);
    const filter = {
      ...(status === undefined ? {} : { status }),
      ...(options.county === undefined ? {} : { county: String(options.county) }),
    };
    const wanted = wholeNumber('--limit', options.limit);
    const first = wholeNumber('--offset', options.offset);
    const lifecycles: Lifecycle[] = [];
    while (lifecycles.length < wanted) {
      const query = {
        ...filter,
        limit: Math.min(LARGEST_PAGE, wanted - lifecycles.length),
        offset: first + lifecycles.length,
      };
      const page = (await take(api.GET('/api/lifecycles', { params: { query } }))).lifecycles;
      lifecycles.push(...page);
      if (page.length < query.limit) break;
    }
    const shown = lifecycles.map((row) => ({
      property: row.address ?? row.apn,
      score: row.bird_dog_score?.toFixed(1) ?? '',
      status: row.status,
      reason: (row.reason ?? '').slice(0, 60),
      id: row.property_id,
    }));
    output.answer({ lifecycles }, table(shown, ['property', 'score', 'status', 'reason', 'id']));
  },
};

/** `reos lifecycle show ID`: one property, its score with reasons, its timeline. */
export const lifecycleShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show one property: facts with sources, score with reasons, timeline')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle show 4f7c…'),
  async ask({ api, output }, [text]) {
    const path = { id: checkId(text) };
    const state = await take(api.GET('/api/lifecycles/{id}', { params: { path } }));
    const { score, ...property } = await take(api.GET('/api/v1/properties/{id}', { params: { path } }));
    const newestFirst = await collect(MOST_EVENTS, (query) =>
      take(api.GET('/api/v1/properties/{id}/timeline', { params: { path, query } })),
    );
    const events = newestFirst.reverse();
    const reasons = (score?.reasons ?? []) as Array<{ label: string; contribution: number }>;
    const isMadeUp = (property.field_sources['address'] as { simulated?: boolean } | undefined)?.simulated === true;
    const place = [property.city, property.state, property.zip_code].filter(Boolean).join(', ');
    const lines = [
      `${property.address ?? property.apn}${isMadeUp ? ' (simulated address)' : ''}  ${place}`,
      `Status ${state.status}${state.reason ? `: ${state.reason}` : ''}${state.is_paused ? ' (paused)' : ''}`,
      `Score  ${score?.bird_dog_score ?? 'none'}${score ? `, confidence ${score.confidence}` : ''}`,
      ...reasons
        .slice(0, 8)
        .map(({ label, contribution }) => `  ${contribution >= 0 ? '+' : ''}${contribution.toFixed(1)}  ${label}`),
      'Timeline',
      ...events.map((event) => `  ${event.timestamp}  ${event.event_type}  ${JSON.stringify(event.payload)}`),
    ];
    output.answer({ workflow_id: state.workflow_id, state, property, score, events }, lines.join('\n'));
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
export const lifecycleRescore: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Score a property again, now')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle rescore 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkId(text);
    const params = { path: { id }, query: { wait: true } };
    const { status, bird_dog_score: score } = await take(api.POST('/api/v1/properties/{id}/re-score', { params }));
    output.answer(
      { property_id: id, action: 'rescored', bird_dog_score: score, status },
      `${id}: rescored, ${score ?? 'no score'}, ${status}`,
    );
  },
};

/** @throws ReosError `validation` for anything that is no property id */
export function checkId(id: string | undefined): string {
  if (id !== undefined && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return id;
  throw new ReosError('validation', `'${id}' is not a property id. Find one with: reos lifecycle list`);
}

function statusOf(value: unknown): (typeof STATUSES)[number] | undefined {
  const found = STATUSES.find((one) => one === value);
  if (found !== undefined || value === undefined) return found;
  throw new ReosError('validation', `--status: '${String(value)}' is no status. One of: ${STATUSES.join(', ')}.`);
}

/** @throws ReosError `validation` naming the option */
export function wholeNumber(option: string, value: unknown): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is not a whole number of 0 or more.`);
}
