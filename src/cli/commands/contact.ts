import { readContactRow } from '../../activities/outreach/contact-row.ts';
import { loadPlaces } from '../../config/contact-places.ts';
import { openCounties } from '../../config/county-index.ts';
import { listBuyBoxes } from '../../db/queries/buy-boxes.ts';
import { listConsents } from '../../db/queries/consents.ts';
import { mergeContacts } from '../../db/queries/contacts-import.ts';
import { addressHashes, listContacts, setContactStatus } from '../../db/queries/contacts-list.ts';
import { findProperties, linkContacts, listPropertiesOf } from '../../db/queries/property-contacts.ts';
import { hashAddress, listSuppressions } from '../../db/queries/suppressions.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { CHANNEL_KINDS } from '../../domain/outreach/contact.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import type { Verb } from '../main.ts';
import { publicShape, table } from '../output.ts';
import { checkContactId, findContact, kindOf, onContacts, oneOf, shownContact, shownTime } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos contact list` */
export const contactList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List contacts, newest first')
      .option('--kind <kind>', 'investor, partner or owner')
      .option('--tag <tag>', 'with this tag')
      .option('--status <status>', 'active or archived', 'active')
      .option('--address <address>', 'with this e-mail address, phone number or postal line')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos contact list --kind investor --json'),
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const filter = {
        ...(options.kind !== undefined && { kind: kindOf(options.kind) }),
        ...(options.tag !== undefined && { tag: String(options.tag).toLowerCase() }),
        status: oneOf('--status', options.status, ['active', 'archived']),
        limit: wholeNumber('--limit', options.limit),
      };
      const contacts = await withTenant(system.db, tenant.id, async (trx) => {
        if (options.address === undefined) return listContacts(trx, keys, filter);
        const found = await Promise.all(
          CHANNEL_KINDS.map((channel) => {
            const addressHash = hashAddress(keys.hashKey, channel, String(options.address));
            return listContacts(trx, keys, { ...filter, addressHash });
          }),
        );
        return found.flat();
      });
      const shown = contacts.map(shownContact);
      context.output.answer(
        { contacts: shown },
        table(shown, ['name', 'kind', 'email', 'phone', 'state', 'time_zone', 'contact_id']),
      );
    }),
};

/** `reos contact show ID` */
export const contactShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('One contact with its buy boxes, consents, suppressions and properties')
      .argument('<contact>', 'contact id')
      .addHelpText('after', '\nExample:\n  $ reos contact show 4f7c…'),
  run: (context, [id], _options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = checkContactId(id);
      const found = await withTenant(system.db, tenant.id, async (trx) => {
        const contact = await findContact(trx, keys, contactId);
        const addresses = addressHashes(contact);
        const lists = await Promise.all(
          addresses.map(({ addressHash }) => listSuppressions(trx, { addressHash, now: new Date(), limit: 10 })),
        );
        return {
          contact,
          boxes: await listBuyBoxes(trx, contactId),
          consents: await listConsents(trx, { contactId, addressHashes: addresses.map((one) => one.addressHash) }),
          properties: await listPropertiesOf(trx, contactId),
          suppressions: lists.flat(),
        };
      });
      const object = {
        ...shownContact(found.contact),
        buy_boxes: found.boxes.map(publicShape),
        consents: found.consents.map(({ addressHash: _, contactId: __, ...rest }) => publicShape(rest)),
        suppressions: found.suppressions.map(({ addressHash: _, contactId: __, ...rest }) => publicShape(rest)),
        properties: found.properties.map(({ contactId: _, ...rest }) => publicShape(rest)),
      };
      const lines = Object.entries(object).map(([key, value]) => {
        const items = Array.isArray(value)
          ? value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
          : null;
        return `${key}: ${items === null ? (value instanceof Date ? shownTime(value) : (value ?? '')) : items.length === 0 ? '-' : items.join('\n  ')}`;
      });
      context.output.answer(object, lines.join('\n'));
    }),
};

const ADD_FIELDS: Readonly<Record<string, ContactField>> = {
  name: 'name',
  email: 'email',
  phone: 'phone',
  street: 'line1',
  city: 'city',
  state: 'state',
  zip: 'zipCode',
  tags: 'tags',
  timeZone: 'timeZone',
  property: 'propertyId',
};

/** `reos contact add` */
export const contactAdd: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const given = new Map(
        Object.entries(ADD_FIELDS).map(([option, field]) => [field, String(options[option] ?? '')] as const),
      );
      const { configDir } = context.settings;
      const kind = kindOf(options.kind);
      const counties = (await openCounties(configDir)).all;
      const rules = {
        kind,
        places: loadPlaces(configDir),
        counties,
        timeZone: null,
        state: null,
        county: null,
        now: new Date(),
      };
      const answer = readContactRow(1, (field) => given.get(field)?.trim() ?? '', rules);
      if ('problems' in answer) {
        throw new ReosError(
          'validation',
          answer.problems.map(({ field, message }) => `${field} ${message}`).join('; '),
        );
      }
      const { details, place, tags, property } = answer.candidate;
      const added = await withTenant(system.db, tenant.id, async (trx) => {
        const key = {
          propertyId: property?.by === 'id' ? property.propertyId : null,
          countyFips: null,
          identity: null,
        };
        const [propertyId] = await findProperties(trx, [key]);
        if (property !== null && propertyId == null) {
          throw new ReosError('not_found', `There is no property ${key.propertyId}. See: reos lifecycle list`);
        }
        const source = 'added by hand';
        const [contact] = await mergeContacts(trx, keys, kind, [{ details, place, tags, source }]);
        if (contact?.id == null) {
          throw new ReosError('suppressed', 'This person asked to be erased and is not stored again.');
        }
        if (propertyId != null) await linkContacts(trx, [{ propertyId, contactId: contact.id, role: 'owner', source }]);
        return contact;
      });
      context.output.answer(
        { contact_id: added.id, outcome: added.outcome, ...publicShape(place) },
        `${added.id}: ${added.outcome}`,
      );
    }),
};

/** `reos contact archive ID` */
export const contactArchive: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Put a contact away: it gets no messages until it is restored')
      .argument('<contact>', 'contact id')
      .option('--restore', 'bring it back')
      .addHelpText('after', '\nExample:\n  $ reos contact archive 4f7c…'),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = checkContactId(id);
      const status = options.restore === true ? 'active' : 'archived';
      const changed = await withTenant(system.db, tenant.id, async (trx) => {
        const contact = await findContact(trx, keys, contactId);
        if (contact.erasedAt !== null) {
          throw new ReosError('conflict', `The contact ${contactId} was erased and cannot come back.`);
        }
        return setContactStatus(trx, contactId, status);
      });
      context.output.answer(
        { contact_id: contactId, status, changed },
        `${contactId}: ${status}${changed ? '' : ', as before'}`,
      );
    }),
};
