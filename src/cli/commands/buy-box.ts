import { readBuyBox } from '../../activities/outreach/contact-box.ts';
import { openCounties } from '../../config/county-index.ts';
import { listBuyBoxes, removeBuyBox, setBuyBox } from '../../db/queries/buy-boxes.ts';
import { listContacts } from '../../db/queries/contacts-list.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import type { Verb } from '../main.ts';
import { publicShape, table } from '../output.ts';
import { checkContactId, findContact, onContacts } from './contact-context.ts';

/** `reos buy-box list` */
export const buyBoxList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List buy boxes: what each investor and partner buys')
      .option('--contact <id>', 'of one contact')
      .addHelpText('after', '\nExample:\n  $ reos buy-box list --json'),
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = options.contact === undefined ? undefined : checkContactId(String(options.contact));
      const { boxes, contacts } = await withTenant(system.db, tenant.id, async (trx) => ({
        boxes: await listBuyBoxes(trx, contactId),
        contacts: await listContacts(trx, keys, { limit: 100_000 }),
      }));
      const names = new Map(contacts.map((contact) => [contact.id, contact.details.name]));
      const shown = boxes.map((box) => {
        const contact = box.contactId === null ? 'the tenant itself' : (names.get(box.contactId) ?? null);
        return { contact, ...publicShape(box) };
      });
      const lines = shown.map((box) => ({
        ...box,
        limits: Object.entries(box)
          .filter(
            ([key, value]) => value !== null && !['contact', 'contact_id', 'id', 'name', 'created_at'].includes(key),
          )
          .map(([key, value]) => `${key} ${String(value)}`)
          .join('; '),
      }));
      context.output.answer({ buy_boxes: shown }, table(lines, ['contact', 'name', 'limits', 'id']));
    }),
};

const OPTIONS: Readonly<Record<string, ContactField>> = {
  counties: 'boxCounties',
  types: 'boxTypes',
  zips: 'boxZips',
  minPrice: 'minPrice',
  maxPrice: 'maxPrice',
  minScore: 'minScore',
  minBedrooms: 'minBedrooms',
  minSqft: 'minSqft',
};

/** `reos buy-box set CONTACT` */
export const buyBoxSet: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Say what a contact buys; a box of the same name is replaced as a whole')
      .argument('<contact>', 'contact id')
      .option('--name <name>', 'name of the box', 'main')
      .option('--counties <list>', 'counties by slug or name, separated by ;')
      .option('--types <list>', 'property types, such as "Townhouse; Duplex"')
      .option('--zips <list>', 'ZIP codes')
      .option('--min-price <dollars>', 'such as 250000 or 250k')
      .option('--max-price <dollars>', 'such as 450000 or 450k')
      .option('--min-score <score>', '0 to 100')
      .option('--min-bedrooms <n>', 'bedrooms at least')
      .option('--min-sqft <sqft>', 'living area at least')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos buy-box set 4f7c… --counties king-wa --max-price 450k --min-score 60',
      ),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = checkContactId(id);
      const given = new Map(
        Object.entries(OPTIONS).map(([option, field]) => [field, String(options[option] ?? '').trim()]),
      );
      const problems: string[] = [];
      const counties = (await openCounties(context.settings.configDir)).all;
      const box = readBuyBox(
        (field) => given.get(field) ?? '',
        counties,
        (field, message) => {
          const option = Object.entries(OPTIONS).find(([, name]) => name === field)?.[0] ?? field;
          problems.push(`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${message}`);
        },
      );
      if (problems.length > 0) throw new ReosError('validation', `${problems.join('; ')}.`);
      const any = { countyFips: null, propertyTypes: null, zipCodes: null, minPriceCents: null, maxPriceCents: null };
      const wanted = box ?? { ...any, minScore: null, minBedrooms: null, minSqft: null };
      const name = String(options.name);
      const done = await withTenant(system.db, tenant.id, async (trx) => {
        const contact = await findContact(trx, keys, contactId);
        if (contact.kind === 'owner')
          throw new ReosError('validation', 'An owner sells; only investors and partners buy.');
        if (contact.erasedAt !== null) throw new ReosError('conflict', `The contact ${contactId} was erased.`);
        return setBuyBox(trx, contactId, name, wanted);
      });
      const object = { id: done.id, contact_id: contactId, name, outcome: done.outcome, ...publicShape(wanted) };
      context.output.answer(object, `${done.id}: ${done.outcome}`);
    }),
};

/** `reos buy-box remove ID` */
export const buyBoxRemove: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Remove a buy box; a contact without one gets no memos')
      .argument('<box>', 'buy box id')
      .addHelpText('after', '\nExample:\n  $ reos buy-box remove 4f7c…'),
  run: (context, [id]) =>
    onContacts(context, async ({ system, tenant }) => {
      const boxId = checkContactId(id, 'buy box', 'reos buy-box list');
      const removed = await withTenant(system.db, tenant.id, (trx) => removeBuyBox(trx, boxId));
      if (!removed) throw new ReosError('not_found', `There is no buy box ${boxId}. See: reos buy-box list`);
      context.output.answer({ id: boxId, removed }, `${boxId}: removed`);
    }),
};
