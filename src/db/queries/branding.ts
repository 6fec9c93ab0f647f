import { sql } from 'kysely';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** How a tenant shows itself. Null: not set. */
export interface TenantBranding {
  companyName: string | null;
  tagline: string | null;
  /** `#rrggbb`, lower case. */
  accentColor: string | null;
  /** Key of the logo in the object store. */
  logoKey: string | null;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  website: string | null;
  disclaimer: string | null;
  memoVariants: unknown;
}

/** A tenant has one branding for now; the table could hold more, by name. */
const NAME = 'default';

/** The branding of a tenant that has set none. */
export const NO_BRANDING: TenantBranding = {
  companyName: null,
  tagline: null,
  accentColor: null,
  logoKey: null,
  contactName: null,
  email: null,
  phone: null,
  website: null,
  disclaimer: null,
  memoVariants: [],
};

/** The tenant's branding; everything unset when there is none. */
export async function readBranding(trx: TenantTrx): Promise<TenantBranding> {
  const row = await trx.db
    .selectFrom('branding')
    .select([
      'companyName',
      'tagline',
      'accentColor',
      'logoKey',
      'contactName',
      'email',
      'phone',
      'website',
      'disclaimer',
      'memoVariants',
    ])
    .where('tenantId', '=', trx.tenantId)
    .where('name', '=', NAME)
    .executeTakeFirst();
  return row ?? NO_BRANDING;
}

/** Changes the named parts and leaves the rest. */
export async function saveBranding(trx: TenantTrx, change: Partial<TenantBranding>): Promise<TenantBranding> {
  const { memoVariants, ...texts } = change;
  const values = { ...texts, ...(memoVariants === undefined ? {} : { memoVariants: json(memoVariants) }) };
  await trx.db
    .insertInto('branding')
    .values({ tenantId: trx.tenantId, name: NAME, ...values })
    .onConflict((oc) => oc.columns(['tenantId', 'name']).doUpdateSet({ ...values, updatedAt: sql`now()` }))
    .execute();
  return readBranding(trx);
}
