import type { SendRow } from '../../db/queries/outreach-send.ts';
import { ReosError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/outreach/clean-text.ts';
import { type PostalAddress, postalAddressSchema } from '../../domain/outreach/contact.ts';
import type { OutboundMail } from './channel.ts';
import type { Composition } from './compose.ts';
import { readSender, type Sender, viewOf } from './compose-view.ts';

/**
 * A letter or a postcard: which of the two, the template's kind says. Both addresses are for the printer, who puts them
 * where the design leaves room.
 * @throws ReosError as `composeMessage` does
 */
export async function composeMail({ deps, send, tenantId, template: name }: Composition): Promise<OutboundMail> {
  const sender = readSender(send);
  const address = send.contact.postalAddress;
  if (address === null) throw new ReosError('validation', 'The contact has no postal address.');
  const from = { name: oneLine(sender.name, 40), address: senderAddress(send, sender) };
  const template = await deps.templates.find(tenantId, ['letter', 'postcard'], name);
  const view = viewOf(deps, send, sender, null);
  const filled = template.fill({ ...view, why: { ...view.why, memoUrl: 'printed mail carries no link to a memo' } });
  const recipient = send.contact.name.trim() === '' ? 'Property owner' : send.contact.name;
  return {
    sendId: send.sendId,
    tenantId,
    kind: 'mail',
    to: { name: oneLine(recipient, 40), address },
    from,
    piece:
      template.kind === 'letter'
        ? { format: 'letter', html: filled['letter.html'] ?? '' }
        : { format: 'postcard', front: filled['front.html'] ?? '', back: filled['back.html'] ?? '' },
    description: oneLine(`${send.campaignName}, step ${send.step}`, 200),
    plannedAt: send.createdAt,
  };
}

/** Where returned mail goes: the sender's own address, else the campaign's postal address read as one. */
function senderAddress(send: SendRow, sender: Sender): PostalAddress {
  const address = sender.address ?? parsePostalLine(send.postalAddress ?? '', sender.name);
  if (address !== null) return address;
  throw new ReosError(
    'validation',
    "The campaign's postal address is no address that mail can be returned to: write it as " +
      "'1 Example Way, Seattle, WA 98101', or add address (line1, city, state, zipCode) to campaigns.sender.",
    { details: { campaign: send.campaignId } },
  );
}

/**
 * A postal address in one line, such as `Example Homes, 1 Example Way, Floor 2, Seattle, WA 98101`. A first part that
 * is the sender's name, or has no digit while the next one has, is left out. Null when it is none.
 */
export function parsePostalLine(text: string, senderName: string): PostalAddress | null {
  const match = /^(.+?)[,\s]+([A-Za-z]{2})[,\s]+(\d{5}(?:-\d{4})?)$/.exec(oneLine(text, 400));
  if (match === null) return null;
  const [, front = '', state = '', zipCode = ''] = match;
  const parts = front.split(',').map((part) => part.trim());
  const isName = parts[0]?.toLowerCase() === senderName.trim().toLowerCase();
  const isCompany = parts.length > 2 && !/\d/.test(parts[0] ?? '') && /\d/.test(parts[1] ?? '');
  if (isName || isCompany) parts.shift();
  const city = parts.length > 1 ? parts.pop() : undefined;
  const [line1, ...rest] = parts;
  const parsed = postalAddressSchema.safeParse({ line1, line2: rest.join(', ') || null, city, state, zipCode });
  return parsed.success ? parsed.data : null;
}
