import { z } from 'zod';
import { type ListingField, listingFields, recordKinds } from '../../domain/listing.ts';

/** How text becomes a value. Default: by the field's type. */
export const parseKinds = [
  'text',
  'number',
  'integer',
  'money',
  'area',
  'year',
  'date',
  'boolean',
  'list',
  'url',
  'url_id',
  'slug',
] as const;
export type ParseKind = (typeof parseKinds)[number];

export const areaUnits = ['sqft', 'sqm', 'acres', 'hectares'] as const;
export type AreaUnit = (typeof areaUnits)[number];

/**
 * What published values are converted from: an area's unit, a price's scale, or how a date
 * is written where the text alone does not say (`day-first` 3/9/2016 is 3 September; `excel-serial` days since 1899-12-30;
 * `year-month` 201609; `decimal-year` 2016.75).
 */
export const valueUnits = [
  ...areaUnits,
  'thousands',
  'millions',
  'day-first',
  'excel-serial',
  'year-month',
  'yymmdd',
  'decimal-year',
] as const;
export type ValueUnit = (typeof valueUnits)[number];

const how = {
  parse: z.enum(parseKinds).optional(),
  unit: z.enum(valueUnits).optional(),
  /** Numbers are written 1.200.000,50: the comma is the decimal sign, points and blanks group. */
  decimal_comma: z.boolean().optional(),
  /** A currency sign or code that stands beside the amounts and is dropped; amounts are not converted. */
  currency: z.string().optional(),
  /** First group (or the whole match) is the value; no match is "unknown". */
  regex: z.string().optional(),
  /** Published value (any case) to ours. */
  map: z.record(z.string(), z.string()).optional(),
  /** Published values that mean "unknown", besides the usual ones. */
  null_values: z.array(z.string()).optional(),
  /** A fixed value. */
  value: z.string().optional(),
};

/** Where a file's column goes. Several columns are joined with `join` (default a space), each padded by `pad`. */
export const columnRuleSchema = z.strictObject({
  ...how,
  column: z.string().optional(),
  columns: z.array(z.string()).optional(),
  join: z.string().optional(),
  pad: z.array(z.number().int().nonnegative()).optional(),
});
export type ColumnRule = z.output<typeof columnRuleSchema>;

/** Where a page's value is. Exactly one of ld, state, selector, meta, url, value. */
export const pageRuleSchema = z.strictObject({
  ...how,
  /** Path in the page's JSON-LD nodes (of `ld_types`). */
  ld: z.string().optional(),
  /** Path in the embedded state, from the page's or item's root. */
  state: z.string().optional(),
  /** CSS selector within the page or item; ':self' is the item. */
  selector: z.string().optional(),
  attr: z.string().optional(),
  /** Content of the meta element with this name or property. */
  meta: z.string().optional(),
  /** The page's (or item's) own address. */
  url: z.boolean().optional(),
  /** All matches instead of the first, as a list. */
  all: z.boolean().optional(),
});
export type PageRule = z.output<typeof pageRuleSchema>;

/**
 * Besides the property fields: the source's id, the record's URL, areas with their unit, "for rent", a sale's year and
 * month, and Price and Date, whose meaning depends on the record kind.
 */
export const buildFields = [
  'SourceId',
  'Url',
  'LivingAreaUnits',
  'LotSizeArea',
  'LotSizeUnits',
  'LotSizeAcres',
  'BathroomsQuarters',
  'ForRent',
  'SaleYear',
  'SaleMonth',
  'Price',
  'Date',
] as const;
export type BuildField = ListingField | (typeof buildFields)[number];

const knownFields = new Set<string>([...listingFields, ...buildFields]);

/** True for a property field, a build field, or `extras.<name>`. */
export const isBuildField = (name: string): boolean => knownFields.has(name) || /^extras\.[\w .-]+$/.test(name);

/** All names a recipe may fill, for suggestions. */
export const recipeFieldNames: readonly string[] = [...knownFields];

const fieldsOf = <T extends z.ZodType>(rule: T) => z.record(z.string(), z.union([rule, z.array(rule).min(1)]));

const required = z
  .array(z.enum(['ListPrice', 'ClosePrice', 'CloseDate', 'LivingArea', 'PropertyType', 'Location', 'Parcel']))
  .optional();

const common = {
  name: z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case words joined by -'),
  title: z.string().min(1),
  /** `source` of the records; default the recipe's name. */
  source: z.string().optional(),
  record_kind: z.enum(recordKinds),
  county_fips: z
    .string()
    .regex(/^\d{5}$/)
    .optional(),
  required,
  constants: z.record(z.string(), z.string()).default({}),
};

/** A file recipe: which headers it recognises and where each column goes. */
export const fileRecipeSchema = z.strictObject({
  kind: z.literal('file'),
  ...common,
  /** A file whose headers hold all of these is this recipe's. */
  match: z.strictObject({ headers: z.array(z.string()).min(1) }),
  columns: fieldsOf(columnRuleSchema),
  /** A sale below this many dollars was not at arm's length: kept, marked, its price unknown. */
  arms_length_min_dollars: z.number().positive().optional(),
});
export type FileRecipe = z.output<typeof fileRecipeSchema>;

const state = z.strictObject({ selector: z.string().optional(), regex: z.string().optional() });

const pageSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['list', 'detail']),
  /** The page is of this kind when all of it is there. */
  when: z.strictObject({
    state: z.string().optional(),
    path: z.string().optional(),
    selector: z.string().optional(),
    ld_types: z.array(z.string()).optional(),
  }),
  /** Root of `state` paths: "<state name>:<path>". */
  state: z.string().optional(),
  ld_types: z.array(z.string()).optional(),
  /** List pages: the records on it. */
  items: z
    .strictObject({
      state: z.string().optional(),
      selector: z.string().optional(),
      ld_types: z.array(z.string()).optional(),
    })
    .optional(),
  /** A page that shows this has no results, by its own word. */
  empty: z.string().optional(),
  /** From an item to its detail page; fetched when crawling. */
  link: pageRuleSchema.optional(),
  next: z.union([pageRuleSchema, z.array(pageRuleSchema)]).optional(),
  record_kind: z.enum(recordKinds).optional(),
  required,
  constants: z.record(z.string(), z.string()).default({}),
  fields: fieldsOf(pageRuleSchema).default({}),
});
export type PageRecipe = z.output<typeof pageSchema>;

/** A site recipe: permission, pace, and for each kind of page where its values are. */
export const siteRecipeSchema = z.strictObject({
  kind: z.literal('site'),
  ...common,
  permission: z.enum(['allowed', 'operator_must_confirm', 'saved_pages_only']),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  /** Host names whose pages are this site's; links elsewhere are not followed. */
  hosts: z.array(z.string()).default([]),
  render: z.enum(['http', 'browser']).default('http'),
  crawl: z
    .strictObject({
      start: z.array(z.string()).default(['/']),
      max_pages: z.number().int().positive().default(50),
      /** Query parameter that counts list pages when there is no next link. */
      page_parameter: z.string().optional(),
    })
    .default({ start: ['/'], max_pages: 50 }),
  rate: z
    .strictObject({
      requests_per_second: z.number().positive().max(100).default(1),
      concurrency: z.number().int().positive().max(16).default(1),
    })
    .default({ requests_per_second: 1, concurrency: 1 }),
  layout: z
    .strictObject({
      max_missing_share: z.number().min(0).max(1).default(0.3),
      min_pages: z.number().int().min(1).default(5),
    })
    .default({ max_missing_share: 0.3, min_pages: 5 }),
  blocked: z.strictObject({ markers: z.array(z.string()).default([]) }).default({ markers: [] }),
  embedded_state: z.record(z.string(), state).default({}),
  pages: z.array(pageSchema).min(1),
});
export type SiteRecipe = z.output<typeof siteRecipeSchema>;

/** Header spellings by field, for files without a recipe. */
export const synonymsSchema = z.strictObject({
  fields: z.record(z.string(), z.array(z.string())),
});
export type Synonyms = z.output<typeof synonymsSchema>;
