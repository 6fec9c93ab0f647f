import { z } from 'zod';

/** What a record states: an offer for sale, a parcel on the roll, or a closed sale (never an asking price). */
export const recordKinds = ['listing', 'parcel', 'sale'] as const;
export type RecordKind = (typeof recordKinds)[number];

const text = () => z.string().trim().min(1).nullable().default(null);
const number = () => z.number().nullable().default(null);
const yesNo = () => z.boolean().nullable().default(null);
const date = () =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD')
    .nullable()
    .default(null);
const list = () => z.array(z.string()).default([]);

/**
 * The property fields, named after the RESO Data Dictionary 2.0. Null means unknown. Prices are dollars as published
 * (`toCents` at the boundary), areas square feet, dates local calendar days. Fields that the dictionary does not have
 * are marked.
 */
const resoFields = {
  // price and time
  ListPrice: number(),
  OriginalListPrice: number(),
  ClosePrice: number(),
  PreviousListPrice: number(),
  ListingContractDate: date(),
  CloseDate: date(),
  /** Not RESO: how exact CloseDate is; a year alone is published by some assessors, and then CloseDate is 1 July. */
  CloseDatePrecision: z.enum(['day', 'month', 'year']).nullable().default(null),
  /** Not RESO: false for a transfer that is no market sale ($0 deeds, family transfers). */
  ArmsLengthYN: yesNo(),
  PurchaseContractDate: date(),
  DaysOnMarket: number(),
  CumulativeDaysOnMarket: number(),
  StandardStatus: text(),
  ListingId: text(),
  ListingTerms: list(),
  // structure
  LivingArea: number(),
  AboveGradeFinishedArea: number(),
  BelowGradeFinishedArea: number(),
  BuildingAreaTotal: number(),
  LotSizeSquareFeet: number(),
  BedroomsTotal: number(),
  BathroomsTotalInteger: number(),
  /** Not RESO: baths with their quarters, as assessors count them (2.25). */
  BathroomsTotalDecimal: number(),
  BathroomsFull: number(),
  BathroomsThreeQuarter: number(),
  BathroomsHalf: number(),
  RoomsTotal: number(),
  /** RESO `Stories`; halves occur. */
  Stories: number(),
  NumberOfUnitsTotal: number(),
  YearBuilt: number(),
  YearBuiltEffective: number(),
  /** Not RESO: year of the last renovation; null when never or unknown. */
  YearRenovated: number(),
  PropertyType: text(),
  PropertySubType: text(),
  StructureType: text(),
  ArchitecturalStyle: text(),
  PropertyCondition: text(),
  /** Not RESO: the assessor's construction grade. */
  ConstructionGrade: text(),
  Heating: list(),
  Cooling: list(),
  FireplacesTotal: number(),
  ParkingTotal: number(),
  GarageSpaces: number(),
  PoolPrivateYN: yesNo(),
  NewConstructionYN: yesNo(),
  WaterfrontYN: yesNo(),
  View: list(),
  // place
  UnparsedAddress: text(),
  StreetNumber: text(),
  StreetName: text(),
  UnitNumber: text(),
  City: text(),
  StateOrProvince: text(),
  PostalCode: text(),
  CountyOrParish: text(),
  /** Not RESO: five-digit county code. */
  CountyFips: z
    .string()
    .regex(/^\d{5}$/)
    .nullable()
    .default(null),
  SubdivisionName: text(),
  Latitude: number(),
  Longitude: number(),
  ParcelNumber: text(),
  Zoning: text(),
  // money beside the price
  TaxAssessedValue: number(),
  TaxAnnualAmount: number(),
  TaxYear: number(),
  AssociationFee: number(),
  // words, people, pictures
  PublicRemarks: text(),
  ListAgentFullName: text(),
  ListOfficeName: text(),
  OwnerName: text(),
  Media: list(),
} as const;

/** Names of all property fields, in order. */
export const listingFields = Object.keys(resoFields) as ReadonlyArray<keyof typeof resoFields>;
export type ListingField = keyof typeof resoFields;

/** What a field holds, for readers that have only text: decides how a value is parsed. */
export type FieldType = 'number' | 'money' | 'area' | 'integer' | 'year' | 'date' | 'boolean' | 'list' | 'text';

const TYPES: ReadonlyArray<readonly [FieldType, readonly ListingField[]]> = [
  [
    'money',
    [
      'ListPrice',
      'OriginalListPrice',
      'ClosePrice',
      'PreviousListPrice',
      'TaxAssessedValue',
      'TaxAnnualAmount',
      'AssociationFee',
    ],
  ],
  [
    'area',
    ['LivingArea', 'AboveGradeFinishedArea', 'BelowGradeFinishedArea', 'BuildingAreaTotal', 'LotSizeSquareFeet'],
  ],
  ['date', ['ListingContractDate', 'CloseDate', 'PurchaseContractDate']],
  ['year', ['YearBuilt', 'YearBuiltEffective', 'YearRenovated', 'TaxYear']],
  ['boolean', ['ArmsLengthYN', 'PoolPrivateYN', 'NewConstructionYN', 'WaterfrontYN']],
  ['list', ['ListingTerms', 'Heating', 'Cooling', 'View', 'Media']],
  [
    'number',
    ['BathroomsTotalDecimal', 'Stories', 'Latitude', 'Longitude', 'ParkingTotal', 'GarageSpaces', 'DaysOnMarket'],
  ],
  [
    'integer',
    [
      'BedroomsTotal',
      'BathroomsTotalInteger',
      'BathroomsFull',
      'BathroomsThreeQuarter',
      'BathroomsHalf',
      'RoomsTotal',
      'NumberOfUnitsTotal',
      'FireplacesTotal',
      'CumulativeDaysOnMarket',
    ],
  ],
];

/** The type of each field; everything not listed is text. */
export const fieldTypes: Readonly<Record<ListingField, FieldType>> = Object.fromEntries(
  listingFields.map((field) => [field, TYPES.find(([, fields]) => fields.includes(field))?.[0] ?? 'text']),
) as Record<ListingField, FieldType>;

/** One discovered record: the property fields plus where it came from. Unknown columns are kept in `extras`. */
export const recordSchema = z.strictObject({
  record_kind: z.enum(recordKinds),
  /** Name of the source: a recipe's name or the operator's. */
  source: z.string().min(1),
  /** The source's own id of this record; (source, source_id) is the same record for ever. */
  source_id: z.string().min(1),
  url: z.string().nullable().default(null),
  ...resoFields,
  /** Values that have no field above, under the source's own names, as text. */
  extras: z.record(z.string(), z.string()).default({}),
});

export type DiscoveredRecord = z.output<typeof recordSchema>;
export type DiscoveredRecordInput = z.input<typeof recordSchema>;
