import { z } from 'zod';
import { type ErrorCode, ReosError } from '../../domain/errors.ts';
import type { HttpResponse } from '../../http/types.ts';
import { askJson, unexpectedShape } from './answers.ts';
import type { Provider, ProviderDeps } from './provider.ts';

const errorSchema = z.object({
  error: z.object({
    code: z.coerce.number().catch(500),
    message: z.string().catch(''),
    details: z
      .union([z.array(z.string()), z.string()])
      .nullish()
      .catch(null),
  }),
});
const pageSchema = z.object({
  features: z.array(
    z.object({ attributes: z.record(z.string(), z.unknown()), geometry: z.record(z.string(), z.unknown()).nullish() }),
  ),
});

/** One feature of an ArcGIS layer. */
export interface ArcgisFeature {
  attributes: Record<string, unknown>;
  geometry?: Record<string, unknown> | null | undefined;
}

/**
 * Queries an ArcGIS layer; no feature is a valid answer. ArcGIS reports errors with HTTP 200: they are read from the body.
 * @throws ReosError as askJson does
 */
export async function queryLayer(
  deps: ProviderDeps,
  provider: Pick<Provider, 'name' | 'timeoutMs' | 'defaultBaseUrl'>,
  layer: number,
  searchParams: Record<string, string>,
): Promise<{ features: ArcgisFeature[]; response: HttpResponse }> {
  const { json, response } = await askJson(deps, provider, {
    path: `/${layer}/query`,
    searchParams: { ...searchParams, f: 'json' },
  });
  const failed = errorSchema.safeParse(json);
  if (failed.success) throw arcgisError(provider.name, failed.data.error);
  const page = pageSchema.safeParse(json);
  if (!page.success) throw unexpectedShape(provider.name, 'no list of features');
  return { features: page.data.features, response };
}

/** Failures of the server behind the service that it reports as the client's fault. */
const SERVER_SIDE =
  /could not access any server|wait time|timed? ?out|unable to complete operation|database|connection/i;

function codeOf(code: number, text: string): ErrorCode {
  if (code === 401 || code === 403 || code === 498 || code === 499) return 'auth_revoked';
  if (code === 404) return 'not_found';
  if (code === 429 || code >= 500 || SERVER_SIDE.test(text)) return 'transient';
  return 'validation';
}

function arcgisError(provider: string, error: z.infer<typeof errorSchema>['error']): ReosError {
  const details = Array.isArray(error.details) ? error.details.join(' ') : (error.details ?? '');
  const text = `${error.message} ${details}`.replace(/\s+/g, ' ').trim();
  const code = codeOf(error.code, text);
  const advice = code === 'transient' ? 'The call is repeated later.' : 'Repeating the same question will not help.';
  return new ReosError(code, `${provider} answered with error ${error.code}: ${text.slice(0, 200)}. ${advice}`, {
    details: { provider, status: error.code },
  });
}

/** The query of all features at a point given in degrees. */
export function pointQuery(at: { latitude: number; longitude: number }): Record<string, string> {
  return {
    geometry: `${at.longitude},${at.latitude}`,
    geometryType: 'esriGeometryPoint',
    inSR: '4326',
    spatialRel: 'esriSpatialRelIntersects',
  };
}

/** The middle of a geometry's box in degrees: of a point itself, of a polygon its outer ring; null when there is none. */
export function centreOf(geometry: ArcgisFeature['geometry']): { latitude: number; longitude: number } | null {
  const point = z.object({ x: z.number(), y: z.number() }).safeParse(geometry);
  if (point.success) return { latitude: point.data.y, longitude: point.data.x };
  const polygon = z.object({ rings: z.array(z.array(z.array(z.number()).min(2)).min(3)).min(1) }).safeParse(geometry);
  const ring = polygon.success ? (polygon.data.rings[0] ?? []) : [];
  if (ring.length === 0) return null;
  const middle = (axis: 0 | 1) => {
    const values = ring.map((corner) => corner[axis] ?? 0);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  return { latitude: middle(1), longitude: middle(0) };
}
