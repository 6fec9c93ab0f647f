import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { checkContactId } from './contact-context.ts';
import { checkId } from './lifecycle.ts';

/** `reos lifecycle suppress ID --reason TEXT` */
export const lifecycleSuppress: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Leave a property alone from now on')
      .argument('<property>', 'property id')
      .requiredOption('--reason <text>', 'why, for its timeline')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle suppress 4f7c… --reason "Owner asked us to"'),
  async ask({ api, output }, [text], options) {
    const path = { id: checkId(text) };
    const body = { reason: String(options.reason) };
    const order = await take(api.POST('/api/v1/properties/{id}/suppress', { params: { path }, body }));
    output.answer({ ...order, action: 'suppressed' }, `${path.id}: suppressed`);
  },
};

/** `reos lifecycle outcome ID OUTCOME` */
export const lifecycleOutcome: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Record how the deal ended; the property is closed then')
      .argument('<property>', 'property id')
      .argument('<outcome>', 'such as won or lost')
      .option('--note <text>', 'more about it')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle outcome 4f7c… won --note "Bought at 412,000"'),
  async ask({ api, output }, [text, outcome], options) {
    const path = { id: checkId(text) };
    const body = { outcome: String(outcome), ...(options.note === undefined ? {} : { note: String(options.note) }) };
    const order = await take(api.POST('/api/v1/properties/{id}/outcome', { params: { path }, body }));
    output.answer({ ...order, action: 'outcome', outcome: body.outcome }, `${path.id}: ${body.outcome}`);
  },
};

/** `reos lifecycle re-enrich ID` */
export const lifecycleReEnrich: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Ask the data sources about a property again')
      .argument('<property>', 'property id')
      .option('--wait', 'until it is done; 10 seconds at most')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle re-enrich 4f7c… --wait'),
  async ask({ api, output }, [text], options) {
    const params = { path: { id: checkId(text) }, query: { wait: options.wait === true } };
    const order = await take(api.POST('/api/v1/properties/{id}/re-enrich', { params }));
    output.answer({ ...order, action: 're-enriched' }, `${order.property_id}: ${order.status ?? 'ordered'}`);
  },
};

/** `reos lifecycle re-memo ID`: orders a memo, the first one too. */
export const lifecycleReMemo: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Order the memo of a property, anew where it has one; it needs a score at the threshold')
      .argument('<property>', 'property id')
      .option('--wait', 'until it is done; 10 seconds at most')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle re-memo 4f7c…\n  $ reos memo 4f7c… --out memo.pdf'),
  async ask({ api, output }, [text], options) {
    const params = { path: { id: checkId(text) }, query: { wait: options.wait === true } };
    const order = await take(api.POST('/api/v1/properties/{id}/re-memo', { params }));
    const then = `${order.property_id}: ${order.status ?? 'ordered'}. See it with: reos memo ${order.property_id}`;
    output.answer({ ...order, action: 're-memoed' }, then);
  },
};

/** `reos lifecycle approve ID --campaign ID` */
export const lifecycleApprove: ApiVerb = {
  needs: 'services',
  describe: (command) =>
    command
      .description('Approve what a campaign is to send about a property')
      .argument('<property>', 'property id')
      .requiredOption('--campaign <id>', 'campaign id')
      .addHelpText('after', '\nExample:\n  $ reos lifecycle approve 4f7c… --campaign 9a01…'),
  async ask({ api, output }, [text], options) {
    const path = { id: checkId(text) };
    const body = { campaign_id: checkContactId(String(options.campaign), 'campaign', 'reos campaign list') };
    const order = await take(api.POST('/api/v1/properties/{id}/approve-outreach', { params: { path }, body }));
    output.answer({ ...order, action: 'approved' }, `${path.id}: approved`);
  },
};
