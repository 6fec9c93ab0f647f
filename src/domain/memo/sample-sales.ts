import type { MemoComparable, MemoSale } from './input.ts';

/** Seven invented sales around the sample property. */
export function sampleComparables(): MemoComparable[] {
  const rows: Array<[string, number, number, number, number, number]> = [
    ['402 Larkspur Lane', 0.0011, 0.0008, 69_500_000, 70_900_000, 0.24],
    ['77 Alder Court', -0.0024, 0.0031, 73_200_000, 71_800_000, 0.19],
    ['1210 Juniper Street', 0.0042, -0.0029, 66_000_000, 69_400_000, 0.16],
    ['9 Cedar Crossing', -0.0051, -0.0044, 75_900_000, 72_600_000, 0.13],
    ['655 Meadow Way', 0.0073, 0.0056, 70_300_000, 70_100_000, 0.11],
    ['31 Hawthorn Place', -0.0012, -0.0089, 64_700_000, 68_800_000, 0.1],
    ['2044 Sparrow Drive', 0.0092, -0.0067, 78_400_000, 73_000_000, 0.07],
  ];
  return rows.map(([address, dLat, dLon, close, adjusted, weight], index) => ({
    propertyId: `00000000-0000-5000-8000-00000000000${index}`,
    address,
    apn: `32117002${30 + index}`,
    zipCode: '98033',
    latitude: 47.6781 + dLat,
    longitude: -122.1932 + dLon,
    distanceMetres: Math.hypot(dLat * 111_195, dLon * 111_195 * 0.673),
    closeDate: `2025-0${1 + (index % 3)}-1${index}`,
    closePriceCents: close,
    sqft: 1700 + index * 60,
    bedrooms: 3,
    bathrooms: 2 + (index % 2) * 0.5,
    yearBuilt: 1972 + index * 2,
    lotSizeSqft: 7000 + index * 110,
    grade: 8,
    condition: 3,
    adjustedPriceCents: adjusted,
    weight,
  }));
}

/** Closed sales of two years around the sample property, made up by a rule, so that they are always the same. */
export function sampleNearbySales(): MemoSale[] {
  return Array.from({ length: 96 }, (_, index) => {
    const day = new Date(Date.UTC(2023, 2, 14) + index * 7.5 * 86_400_000);
    // Two draws that look like chance and are always the same.
    const draw = (salt: number) => (Math.imul(index * 2 + salt, 2_654_435_761) >>> 8) / 2 ** 24;
    const spread = (draw(1) + draw(7) + draw(13)) / 3 - 0.5;
    const sqft = 1_300 + ((index * 53) % 17) * 80;
    return {
      closeDate: day.toISOString().slice(0, 10),
      closePriceCents: Math.round(sqft * (32_500 + index * 75) * (1 + spread * 0.6)),
      sqft,
      distanceMetres: 120 + ((index * 97) % 89) * 17,
    };
  });
}
