import { ReosError } from '../../domain/errors.ts';
import { type ApiClient, type components, take } from '../../sdk/client.ts';
import { metricsReport } from '../campaign-report.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';

/** A campaign as the API answers it. */
export type Campaign = components['schemas']['Campaign'];

const EVERY_CAMPAIGN = 10_000;
const ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** `reos campaign list`: every campaign and how it goes. */
export const campaignList: ApiVerb = {
  describe: (command) =>
    command
      .description('List campaigns with status, approval and main numbers, by name')
      .addHelpText('after', '\nExample:\n  $ reos campaign list'),
  async ask({ api, output }) {
    const campaigns = [];
    for (const campaign of await allCampaigns(api)) {
      const params = { path: { id: campaign.id } };
      const { metrics } = await take(api.GET('/api/v1/campaigns/{id}/metrics', { params }));
      campaigns.push({ ...campaign, metrics });
    }
    const shown = campaigns.map(({ metrics, definition, ...row }) => ({
      name: row.name,
      kind: definition.kind,
      status: row.status,
      approved: definition.needs_approval ? (row.approved_by ?? 'no') : 'not needed',
      sent: metrics['sent'],
      held: metrics['held'],
      id: row.id,
    }));
    output.answer({ campaigns }, table(shown, ['name', 'kind', 'status', 'approved', 'sent', 'held', 'id']));
  },
};

/** `reos campaign show NAME`: its definition, where it stands, its metrics and its tests of variants. */
export const campaignShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show a campaign: definition, state, metrics by step and variant, test of variants')
      .argument('<campaign>', 'name or id')
      .addHelpText('after', '\nExample:\n  $ reos campaign show "Deals of the week"'),
  async ask({ api, output }, [name]) {
    const campaign = await findCampaign(api, name);
    const params = { path: { id: campaign.id } };
    const measured = await take(api.GET('/api/v1/campaigns/{id}/metrics', { params }));
    output.answer({ ...campaign, ...measured }, metricsReport(campaign, measured));
  },
};

/** `reos campaign approve NAME`: records who approved it as it is now. */
export const campaignApprove: ApiVerb = {
  describe: (command) =>
    command
      .description(
        'Approve a campaign as it is now; a later change of audience, steps or sender needs another approval',
      )
      .argument('<campaign>', 'name or id')
      .addHelpText('after', '\nExample:\n  $ reos campaign approve "Deals of the week"'),
  async ask({ api, output }, [name]) {
    const { id } = await findCampaign(api, name);
    const campaign = await take(api.POST('/api/v1/campaigns/{id}/approve', { params: { path: { id } } }));
    output.answer(
      campaign,
      `${campaign.name}: approved by ${campaign.approved_by}. Run it with: reos campaign run "${campaign.name}"`,
    );
  },
};

/** The campaign of a name or an id. @throws ReosError `not_found` with the names that exist */
export async function findCampaign(api: ApiClient, name: string | undefined): Promise<Campaign> {
  const wanted = String(name);
  const all = await allCampaigns(api);
  const found = all.find((one) => one.name === wanted || (ID.test(wanted) && one.id === wanted.toLowerCase()));
  if (found !== undefined) return found;
  const names = all.map((one) => `'${one.name}'`).join(', ') || 'none';
  throw new ReosError('not_found', `There is no campaign '${wanted}'. Known: ${names}.`);
}

const allCampaigns = (api: ApiClient): Promise<Campaign[]> =>
  collect(EVERY_CAMPAIGN, (query) => take(api.GET('/api/v1/campaigns', { params: { query } })));
