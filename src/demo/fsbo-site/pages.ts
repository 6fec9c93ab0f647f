import type { FsboHouse } from './houses.ts';

export const HOUSES_PER_PAGE = 8;

const dollars = (amount: number) => `$${amount.toLocaleString('en-US')}`;
const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function frame(title: string, head: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)} · Puget Owner Sales</title>
${head}
</head>
<body>
<header><a href="/">Puget Owner Sales</a> <nav><a href="/homes">Homes for sale by owner</a></nav></header>
${body}
<footer>A demonstration site with invented houses and people.</footer>
</body>
</html>
`;
}

/** The front page. */
export function frontPage(count: number): string {
  return frame(
    'Homes by owner',
    '',
    `<main><h1>${count} homes, sold by those who live in them</h1><a href="/homes">See all</a></main>`,
  );
}

/** One page of the list, from 1. */
export function listPage(houses: readonly FsboHouse[], page: number): string {
  const pages = Math.ceil(houses.length / HOUSES_PER_PAGE);
  const cards = houses.slice((page - 1) * HOUSES_PER_PAGE, page * HOUSES_PER_PAGE).map(
    (house) => `<li class="listing-card" data-parcel="${escapeHtml(house.parcelNumber)}">
  <a class="card-link" href="/homes/${house.slug}">${escapeHtml(house.address)}</a>
  <span class="card-place">${house.city}, WA ${house.zip}</span>
  <span class="card-price">${house.askingPriceDollars === null ? 'Price on request' : dollars(house.askingPriceDollars)}</span>
  <span class="card-beds">${house.bedrooms} bd</span> <span class="card-baths">${house.bathrooms} ba</span>
</li>`,
  );
  const next = page < pages ? `<a rel="next" class="next" href="/homes?page=${page + 1}">Next</a>` : '';
  const body = `<main><h1>Homes for sale by owner in King County</h1>
<ul class="listings">
${cards.join('\n')}
</ul>
<nav class="pages">Page ${page} of ${pages} ${next}</nav></main>`;
  return frame(`Homes, page ${page}`, '', body);
}

/** One house: JSON-LD and microformats2-like classes. A page that is cut off ends in the middle of its JSON-LD. */
export function detailPage(house: FsboHouse, origin: string): string {
  const html = frame(
    `${house.address}, ${house.city}`,
    `<link rel="canonical" href="${origin}/homes/${house.slug}">
<script type="application/ld+json">${JSON.stringify(linkedData(house, origin), null, 1)}</script>`,
    `<main><article class="h-listing">
<h1 class="p-name">${escapeHtml(house.address)}, ${house.city}, WA ${house.zip}</h1>
${house.askingPriceDollars === null ? '<p class="ask">Call for price</p>' : `<p class="p-price">${dollars(house.askingPriceDollars)}</p>`}
<p class="p-description">${escapeHtml(house.remarks)}</p>
<table class="facts">
<tr><th>Parcel</th><td class="parcel">${escapeHtml(house.parcelNumber)}</td></tr>
<tr><th>Living area</th><td class="living-area">${house.livingAreaSqft.toLocaleString('en-US')} sq ft</td></tr>
<tr><th>Lot</th><td class="lot-area">${house.lotSqft.toLocaleString('en-US')} sq ft</td></tr>
<tr><th>Bedrooms</th><td class="beds">${house.bedrooms}</td></tr>
<tr><th>Bathrooms</th><td class="baths">${house.bathrooms}</td></tr>
<tr><th>Year built</th><td class="year-built">${house.yearBuilt}</td></tr>
</table>
<address class="p-author h-card"><span class="owner">${escapeHtml(house.owner)}</span>, <span class="p-tel">${house.phone}</span>, <a class="u-email" href="mailto:${house.email}">${house.email}</a></address>
</article></main>`,
  );
  return house.broken === 'cut_off' ? html.slice(0, html.indexOf('"floorSize"')) : html;
}

/** schema.org RealEstateListing about a SingleFamilyResidence; without a price it makes no offer. */
function linkedData(house: FsboHouse, origin: string): Record<string, unknown> {
  const offer = {
    '@type': 'Offer',
    price: house.askingPriceDollars,
    priceCurrency: 'USD',
    availability: 'https://schema.org/InStock',
  };
  return {
    '@context': 'https://schema.org',
    '@type': 'RealEstateListing',
    url: `${origin}/homes/${house.slug}`,
    name: house.address,
    description: house.remarks,
    datePosted: '2015-03-15',
    ...(house.askingPriceDollars === null ? {} : { offers: offer }),
    mainEntity: {
      '@type': 'SingleFamilyResidence',
      address: {
        '@type': 'PostalAddress',
        streetAddress: house.address,
        addressLocality: house.city,
        addressRegion: 'WA',
        postalCode: house.zip,
      },
      geo: { '@type': 'GeoCoordinates', latitude: house.latitude, longitude: house.longitude },
      floorSize: { '@type': 'QuantitativeValue', value: house.livingAreaSqft, unitCode: 'FTK' },
      lotSize: { '@type': 'QuantitativeValue', value: house.lotSqft, unitCode: 'FTK' },
      numberOfBedrooms: house.bedrooms,
      numberOfBathroomsTotal: house.bathrooms,
      yearBuilt: house.yearBuilt,
      identifier: { '@type': 'PropertyValue', propertyID: 'parcel', value: house.parcelNumber },
    },
  };
}
