import type { Logger } from 'pino';
import type { Counties } from '../../config/county-index.ts';
import { servingModels } from '../../db/queries/models.ts';
import { readProperties } from '../../db/queries/properties.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import type { AskLikeness } from '../../domain/comparables/similarity.ts';
import { messageOf } from '../../domain/errors.ts';
import type { Property } from '../../domain/property.ts';
import { subjectsOf } from './value.ts';
import type { ModelCache } from './value-models.ts';

/** What the model's sense of likeness is asked with. */
export interface LikenessDeps {
  models: ModelCache;
  counties: Pick<Counties, 'byFips'>;
  logger: Logger;
}

/**
 * How alike the champion of a property's county finds sold houses and the property, as of a day: by the leaves of its
 * trees. Null where the county has no champion or it cannot be used; comparables are then found without its word.
 */
export async function likenessOf(
  { models, counties, logger }: LikenessDeps,
  trx: TenantTrx,
  property: Property,
  asOf: string,
): Promise<AskLikeness | null> {
  const market = counties.byFips(property.countyFips)?.slug;
  const serving = market === undefined ? [] : await servingModels(trx, 'avm', market);
  const champion = serving.find(({ isShadow }) => !isShadow);
  if (champion === undefined) return null;
  return async (propertyIds) => {
    const others = [...(await readProperties(trx, propertyIds)).values()];
    const [subject, ...houses] = await subjectsOf(trx, [property, ...others]);
    const shares = await models
      .use(trx.tenantId, champion, (avm) => avm.leafShares(subject!, houses, asOf))
      .catch((error: unknown) => {
        logger.debug({ model: champion.version }, `no likeness: ${messageOf(error)}`);
        return null;
      });
    if (shares === null) return null;
    const byId = new Map(others.map(({ id }, at) => [id, shares[at]!]));
    return ({ propertyId }) => {
      const share = byId.get(propertyId);
      // A sale beyond the short list is known to be less alike.
      return share === undefined ? 0 : Number.isNaN(share) ? null : share;
    };
  };
}
