import { type components, take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId, kindOf, oneOf } from './contact-context.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

/** A contact as the API answers it. */
type Contact = components['schemas']['Contact'];

/** `reos contact list` */
export const contactList: ApiVerb = {
  describe: (command) =>
    command
      .description('List contacts, newest first')
      .option('--kind <kind>', 'investor, partner or owner')
      .option('--tag <tag>', 'with this tag')
      .option('--status <status>', 'active or archived', 'active')
      .option('--find <words>', 'with these words, or parts of them, in name, address, place, tags or source')
      .option('--address <address>', 'with this e-mail address, phone number or postal line')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos contact list --kind investor --json'),
  async ask({ api, output }, _args, options) {
    const filter = {
      ...(options.kind === undefined ? {} : { kind: kindOf(options.kind) }),
      ...(options.tag === undefined ? {} : { tag: String(options.tag).toLowerCase() }),
      ...(options.find === undefined ? {} : { q: String(options.find) }),
      ...(options.address === undefined ? {} : { address: String(options.address) }),
      status: oneOf('--status', options.status, ['active', 'archived']),
    };
    const contacts = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/contacts', { params: { query: { ...page, ...filter } } })),
    );
    output.answer({ contacts }, table(contacts, ['name', 'kind', 'email', 'phone', 'state', 'time_zone', 'id']));
  },
};

/** `reos contact show ID` */
export const contactShow: ApiVerb = {
  describe: (command) =>
    command
      .description('One contact with its buy boxes, consents, suppressions and properties')
      .argument('<contact>', 'contact id')
      .addHelpText('after', '\nExample:\n  $ reos contact show 4f7c…'),
  async ask({ api, output }, [text]) {
    const params = { path: { id: checkContactId(text) } };
    const { contact, buy_boxes, consents, suppressions, properties } = await take(
      api.GET('/api/v1/contacts/{id}/export', { params }),
    );
    const object = { ...contact, buy_boxes, consents, suppressions, properties };
    output.answer(object, Object.entries(object).map(lineOf).join('\n'));
  },
};

function lineOf([key, value]: [string, unknown]): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
    return `${key}: ${items.length === 0 ? '-' : items.join('\n  ')}`;
  }
  return `${key}: ${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')}`;
}

/** `reos contact add` */
export const contactAdd: ApiVerb = {
  describe: (command) =>
    command
      .description('Add one contact, or complete the one with the same address')
      .requiredOption('--kind <kind>', 'investor, partner or owner')
      .requiredOption('--name <name>', 'name')
      .option('--email <address>', 'e-mail address')
      .option('--phone <number>', 'phone number')
      .option('--street <line>', 'street line of the postal address')
      .option('--city <city>', 'city')
      .option('--state <state>', 'state, such as WA')
      .option('--zip <zip>', 'ZIP code')
      .option('--tags <tags>', 'tags, separated by commas')
      .option('--time-zone <zone>', 'IANA time zone; else known from state and ZIP code')
      .option('--property <id>', 'the property that an owner has')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos contact add --kind investor --name "Ada Example" --email ada@example.com --zip 98103 --state WA',
      ),
  async ask({ api, output }, _args, options) {
    const given = (name: string, option: string) =>
      options[option] === undefined ? {} : { [name]: String(options[option]) };
    const tags = String(options.tags ?? '')
      .split(/[,;]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    const body = {
      kind: kindOf(options.kind),
      name: String(options.name),
      ...given('email', 'email'),
      ...given('phone', 'phone'),
      ...given('street', 'street'),
      ...given('city', 'city'),
      ...given('state', 'state'),
      ...given('zip_code', 'zip'),
      ...given('time_zone', 'timeZone'),
      ...(tags.length === 0 ? {} : { tags }),
      ...(options.property === undefined ? {} : { property_id: checkId(String(options.property)) }),
    };
    const added = await take(api.POST('/api/v1/contacts', { body }));
    const contact: Contact = added.contact;
    output.answer(added, `${contact.id}: ${added.outcome}`);
  },
};

/** `reos contact archive ID` */
export const contactArchive: ApiVerb = {
  describe: (command) =>
    command
      .description('Put a contact away: it gets no messages until it is restored')
      .argument('<contact>', 'contact id')
      .option('--restore', 'bring it back')
      .addHelpText('after', '\nExample:\n  $ reos contact archive 4f7c…'),
  async ask({ api, output }, [text], options) {
    const params = { path: { id: checkContactId(text) } };
    const changed =
      options.restore === true
        ? await take(api.POST('/api/v1/contacts/{id}/restore', { params }))
        : await take(api.POST('/api/v1/contacts/{id}/archive', { params }));
    output.answer(changed, `${changed.id}: ${changed.status}`);
  },
};
