import { useQuery } from '@tanstack/react-query';
import { api, patientFetch, type Schemas } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { attentionItems } from './attention-items.ts';
import type { AttentionFacts, AttentionItem } from './attention-kinds.ts';

/** A part of the installation, as the health check tells of it. */
export interface HealthPart {
  status: 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';
  detail?: string;
  memory_percent?: number;
  disk_percent?: number;
}

/** The answer of the comprehensive health check, whatever its status code. */
export interface HealthAnswer {
  status: HealthPart['status'];
  timestamp: string;
  components: Record<string, HealthPart>;
}

/** How every part is; asked again each minute. An unhealthy part is an answer, not an error. */
export function useHealth() {
  return useQuery({
    queryKey: ['get', '/api/health/comprehensive', {}],
    queryFn: async ({ signal }) => {
      const address = new URL('/api/health/comprehensive', window.location.origin);
      const response = await patientFetch(new Request(address, { signal }));
      const body = (await response.json()) as HealthAnswer;
      if (typeof body.components === 'object') return body;
      throw new Error(`The health check answered ${response.status}.`);
    },
    refetchInterval: 60_000,
  });
}

/** What needs a person, out of everything that this person may see. */
export function useAttention(): { items: AttentionItem[]; isPending: boolean; errors: unknown[] } {
  const may = useMay();
  const { data: me } = useMe();
  const seesProperties = { enabled: may('properties:read') };
  const seesOutreach = { enabled: may('outreach:read') };
  const many = { params: { query: { limit: 200 } } } as const;
  const pipeline = api.useQuery('get', '/api/v1/analytics/pipeline', {}, seesProperties);
  const stats = api.useQuery('get', '/api/v1/properties/stats', {}, seesProperties);
  const costs = api.useQuery('get', '/api/v1/analytics/costs', { params: { query: { months: 1 } } }, seesProperties);
  const refused = api.useQuery('get', '/api/v1/quarantine/stats', {}, seesProperties);
  const mayUpload = { enabled: may('properties:create') };
  const imports = api.useQuery('get', '/api/v1/imports', { params: { query: { limit: 20 } } }, mayUpload);
  const sources = api.useQuery('get', '/api/v1/sources', {}, seesProperties);
  const openPackets = api.useQuery('get', '/api/v1/decision-packets', packetsOf('open'), seesProperties);
  const expiredPackets = api.useQuery('get', '/api/v1/decision-packets', packetsOf('expired'), seesProperties);
  const unknown = api.useQuery('get', '/api/v1/outreach/unknowns', many, seesOutreach);
  const outreach = api.useQuery('get', '/api/v1/outreach/status', {}, seesOutreach);
  const webhooks = api.useQuery('get', '/api/v1/webhooks', {}, { enabled: may('webhooks:read') });
  const mayOrder = me?.is_operator === true && may('pipelines:update');
  const schedules = api.useQuery('get', '/api/v1/schedules', {}, { enabled: mayOrder });
  const facts: AttentionFacts = {
    failedProperties: pipeline.data?.failed,
    needsReview: stats.data?.needs_review,
    unknownSends: unknown.data?.items,
    outreach: outreach.data,
    refused: refused.data?.sources,
    packets: [...(openPackets.data?.items ?? []), ...(expiredPackets.data?.items ?? [])],
    budgets: costs.data?.budgets,
    sources: sources.data?.items,
    webhooks: webhooks.data?.items,
    schedules: schedules.data?.schedules,
    imports: imports.data?.items,
  };
  const all = [pipeline, stats, refused, imports, sources, openPackets, expiredPackets, unknown, outreach, schedules];
  return {
    items: attentionItems(facts, Date.now()),
    isPending: me === undefined || all.some((one) => one.isLoading),
    errors: all.flatMap(({ error }) => (error ? [error] : [])),
  };
}

function packetsOf(status: Schemas['DecisionPacket']['status']) {
  return { params: { query: { status, limit: 100 } } };
}
