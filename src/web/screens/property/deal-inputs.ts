/** An input of the deal's arithmetic: where it goes in the request, what it is called, and its unit. */
export interface DealInput {
  /** Path in the request: `price`, `facts.median_rent`, `assumptions.holding_months`. */
  path: string;
  name: string;
  unit: '$' | '%' | 'months' | 'years' | '$/sq ft';
  group: 'Deal' | 'Renovation and resale' | 'Rental and loan';
}

export const DEAL_INPUTS: readonly DealInput[] = [
  { path: 'price', name: 'Bought for', unit: '$', group: 'Deal' },
  { path: 'value', name: 'Worth now', unit: '$', group: 'Deal' },
  { path: 'facts.median_rent', name: 'Median rent of the area', unit: '$', group: 'Deal' },
  {
    path: 'assumptions.renovation_usd_per_sqft.cosmetic',
    name: 'Cosmetic work',
    unit: '$/sq ft',
    group: 'Renovation and resale',
  },
  {
    path: 'assumptions.renovation_usd_per_sqft.moderate',
    name: 'Moderate work',
    unit: '$/sq ft',
    group: 'Renovation and resale',
  },
  {
    path: 'assumptions.renovation_usd_per_sqft.full_gut',
    name: 'Full gut',
    unit: '$/sq ft',
    group: 'Renovation and resale',
  },
  {
    path: 'assumptions.arv_uplift.cosmetic',
    name: 'Value gained, cosmetic',
    unit: '%',
    group: 'Renovation and resale',
  },
  {
    path: 'assumptions.arv_uplift.moderate',
    name: 'Value gained, moderate',
    unit: '%',
    group: 'Renovation and resale',
  },
  {
    path: 'assumptions.arv_uplift.full_gut',
    name: 'Value gained, full gut',
    unit: '%',
    group: 'Renovation and resale',
  },
  { path: 'assumptions.offer_rule', name: 'Offer rule, of ARV', unit: '%', group: 'Renovation and resale' },
  { path: 'assumptions.buying_cost_share', name: 'Buying costs', unit: '%', group: 'Renovation and resale' },
  { path: 'assumptions.selling_cost_share', name: 'Selling costs', unit: '%', group: 'Renovation and resale' },
  { path: 'assumptions.holding_months', name: 'Held for', unit: 'months', group: 'Renovation and resale' },
  {
    path: 'assumptions.holding_cost_share_monthly',
    name: 'Holding costs a month',
    unit: '%',
    group: 'Renovation and resale',
  },
  { path: 'assumptions.vacancy_share', name: 'Vacancy', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.operating_share', name: 'Running costs, of rent', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.insurance_share', name: 'Insurance, of value', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.down_payment_share', name: 'Down payment', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.mortgage_rate', name: 'Loan rate', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.mortgage_years', name: 'Loan term', unit: 'years', group: 'Rental and loan' },
  { path: 'assumptions.refinance_ltv', name: 'Refinanced, of ARV', unit: '%', group: 'Rental and loan' },
  { path: 'assumptions.refinance_rate', name: 'Refinance rate', unit: '%', group: 'Rental and loan' },
];

/** What is typed, by path; a field that is not in it stands as the API has it. */
export type Typed = Readonly<Record<string, string>>;

/** The body of a request from what was typed: whole percents become shares; empty fields are left out. */
export function dealBody(
  propertyId: string,
  typed: Typed,
): {
  body: {
    property_id: string;
    price?: number;
    value?: number;
    facts: Record<string, number>;
    assumptions: Record<string, number>;
  };
  wrong: Record<string, string>;
} {
  const body: ReturnType<typeof dealBody>['body'] = { property_id: propertyId, facts: {}, assumptions: {} };
  const wrong: Record<string, string> = {};
  for (const { path, unit } of DEAL_INPUTS) {
    const text = typed[path]?.trim().replace(/[$,%\s]/g, '') ?? '';
    if (text === '') continue;
    const number = Number(text);
    if (!Number.isFinite(number) || number < 0) {
      wrong[path] = 'A number of 0 or more.';
      continue;
    }
    // Not `number / 100`: 7 % must be 0.07, not 0.07000000000000001.
    const value = unit === '%' ? Number((number / 100).toFixed(6)) : number;
    const [group, ...rest] = path.split('.');
    if (path === 'price' || path === 'value') body[path] = value;
    else if (group === 'facts') body.facts[rest.join('.')] = value;
    else body.assumptions[rest.join('.')] = value;
  }
  return { body, wrong };
}

/** What the answer reckoned with at a path, as it stands in a field; '' when it had nothing there. */
export function assumed(answer: Readonly<Record<string, unknown>>, input: DealInput): string {
  const value = input.path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], answer);
  if (typeof value !== 'number') return '';
  return String(Number((input.unit === '%' ? value * 100 : value).toFixed(input.unit === '$' ? 0 : 4)));
}

/** The errors of a refusal by path, where the API names fields; what it says of no field is under ''. */
export function wrongFields(problem: {
  message: string;
  errors: ReadonlyArray<{ field: string; message: string }>;
}): Record<string, string> {
  if (problem.errors.length > 0) {
    return Object.fromEntries(problem.errors.map(({ field, message }) => [field.replace(/^body\./, ''), message]));
  }
  // Assumptions are named in the sentence: `assumptions: mortgage_rate: Too big…`.
  const named = /^assumptions: ([\w.]+): (.+)$/.exec(problem.message);
  if (named === null) return { '': problem.message };
  const path = `assumptions.${named[1]}`;
  return { [path]: inItsUnit(named[2]!, DEAL_INPUTS.find((input) => input.path === path)?.unit) };
}

/** `expected number to be <=0.3` of a share is `At most 30 %.` to whoever typed percents. */
function inItsUnit(message: string, unit: DealInput['unit'] | undefined): string {
  const bound = /([<>]=?)\s*(-?[\d.]*\d)/.exec(message);
  if (bound === null) return message;
  const limit = Number(bound[2]) * (unit === '%' ? 100 : 1);
  const words = { '<=': 'At most', '<': 'Less than', '>=': 'At least', '>': 'More than' }[bound[1]!];
  return `${words} ${Number(limit.toFixed(4))}${unit === '%' ? '%' : ''}.`;
}
