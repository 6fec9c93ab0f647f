import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiDeps } from '../api/deps.ts';
import { createHttpClient } from '../http/client.ts';
import { snowflakeUrl, snowflakeWarehouse } from '../intelligence/warehouses/snowflake.ts';
import type { Settings } from '../settings.ts';

/** The warehouse that the settings name in place of Postgres, behind a client that trusts its origin alone. */
export function openWarehouse({
  snowflake,
  userAgent,
}: Pick<Settings, 'snowflake' | 'userAgent'>): Pick<ApiDeps, 'warehouse'> {
  if (snowflake === undefined) return {};
  const http = createHttpClient({ userAgent, trustedOrigins: [snowflakeUrl(snowflake)] });
  const deps = { http, clock: () => new Date(), sleep };
  return { warehouse: (tenantId) => snowflakeWarehouse(deps, snowflake, tenantId) };
}
