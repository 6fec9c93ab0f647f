import { drawHousePicture } from './charts/house-picture.ts';
import { type BrandColours, brandColours } from './colour.ts';
import { addressLine, placeLine, streetLine } from './facts.ts';
import { cleanText, formatDay, formatPercent } from './format.ts';
import type { MemoInput } from './input.ts';
import { marginShare, referenceLabel } from './price.ts';

/** The top of the first page. */
export interface HeaderPart {
  /** Street and unit, else the parcel number; null when neither is known. */
  address: string | null;
  /** Street and unit alone; null when no street is known. */
  street: string | null;
  place: string;
  facts: string;
  /** What the deal is about in one short line, such as `14.9% below our estimate`; null without a price or estimate. */
  verdict: string | null;
  /** The first picture, or null. */
  image: string | null;
  /** Up to three more. */
  thumbnails: string[];
  hasThumbnails: boolean;
  /** A drawing that says there is no photograph. */
  picture: string;
}

/** How the tenant shows itself. Every text is null when there is none. */
export interface BrandPart {
  name: string;
  tagline: string | null;
  logo: string | null;
  colours: BrandColours;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
  /** The website as a reader writes it, without the scheme. */
  websiteName: string | null;
}

const MOST_PICTURES = 4;

/** Where the property is and what it looks like. */
export function headerPart(input: MemoInput): HeaderPart {
  const { property, county } = input;
  const [image = null, ...more] = input.images.filter(isPicture).slice(0, MOST_PICTURES);
  return {
    address: addressLine(property),
    street: streetLine(property),
    place: placeLine(property, county),
    facts: headerFacts(input),
    verdict: verdict(input),
    image,
    thumbnails: more,
    hasThumbnails: more.length > 0,
    picture: drawHousePicture(),
  };
}

function headerFacts({ property, county }: MemoInput): string {
  const kind = cleanText(property.propertySubType, 60) ?? cleanText(property.propertyType, 60);
  const apn = cleanText(property.apn, 40);
  return [kind, cleanText(county.name, 60), apn === null ? null : `APN ${apn}`]
    .filter((part) => part !== null)
    .join(' \u00b7 ');
}

function verdict({ score }: MemoInput): string | null {
  const margin = marginShare(score);
  if (margin === null || margin <= -1) return null;
  // As a share of the estimate: how a buyer speaks of a discount.
  const discount = margin / (1 + margin);
  const name = referenceLabel(score);
  const share = formatPercent(Math.abs(discount));
  return Math.abs(discount) < 0.005
    ? `${name} level with our estimate`
    : `${name} ${share} ${discount > 0 ? 'below' : 'above'} our estimate`;
}

/** The tenant's name, colours and ways to be reached. */
export function brandPart({ tenant }: MemoInput): BrandPart {
  const brand = tenant.brand;
  const website = webAddress(brand?.website);
  return {
    name: cleanText(tenant.name, 80) ?? 'Your team',
    tagline: cleanText(brand?.tagline, 120),
    logo: brand?.logo != null && isPicture(brand.logo) ? brand.logo : null,
    colours: brandColours(brand?.accentColor ?? null),
    contactName: cleanText(brand?.contactName, 80),
    email: mailAddress(tenant.callToAction.email ?? brand?.email),
    phone: cleanText(brand?.phone, 40),
    website,
    websiteName: website === null ? null : website.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, ''),
  };
}

/** The last lines of the memo. The tenant's own come first; the house's stay, whatever the tenant says. */
export function disclaimerLines({ tenant, generatedAt }: MemoInput, name: string): string[] {
  const own = cleanText(tenant.brand?.disclaimer, 1_200);
  const day = formatDay(generatedAt) ?? 'a day not recorded';
  return [
    ...(own === null ? [] : [own]),
    `Prepared by ${name} on ${day} from public records, listings and the sources named above. \u201cNot known\u201d: no source gave it.`,
    'The score and the estimated value are computed and are no appraisal, no offer and no advice on investment, law or tax. Records may be late, incomplete or wrong: inspect the property, check title, taxes, zoning and insurance, and ask a licensed professional before you decide.',
    'Past prices promise nothing. Equal housing opportunity: nothing here ranks people or may be used to treat them differently.',
  ];
}

/** Only a picture that is in the address itself: the page asks nobody for anything. */
function isPicture(address: string): boolean {
  return /^data:image\/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/.test(address);
}

/** An http(s) address as a link, or null. */
export function webAddress(address: string | null | undefined): string | null {
  const clean = cleanText(address, 500);
  if (clean === null || !/^https?:\/\//i.test(clean) || !URL.canParse(clean)) return null;
  return new URL(clean).href;
}

/** A mail address that can stand in a link, or null. */
export function mailAddress(address: string | null | undefined): string | null {
  const clean = cleanText(address, 254);
  return clean !== null && /^[^\s@<>?&]+@[^\s@<>?&]+$/.test(clean) ? clean : null;
}
