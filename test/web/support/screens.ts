/** A screen of the dashboard, by its address. */
export interface Screen {
  name: string;
  path: string;
  /** Nobody is signed in there. */
  isOutside?: boolean;
}

/** Every screen; what stands in braces is put in by the test. The list is held against the routes of the dashboard. */
export const SCREENS: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in', isOutside: true },
  { name: 'register', path: '/register', isOutside: true },
  { name: 'reset-password', path: '/reset-password', isOutside: true },
  { name: 'accept-invitation', path: '/accept-invitation', isOutside: true },
  { name: 'overview', path: '/' },
  { name: 'start', path: '/start' },
  { name: 'properties', path: '/properties' },
  { name: 'properties-drawer', path: '/properties?property={property}' },
  { name: 'property', path: '/properties/{property}' },
  { name: 'campaigns', path: '/campaigns' },
  { name: 'campaign-new', path: '/campaigns/new' },
  { name: 'campaign-unknowns', path: '/campaigns/unknowns' },
  { name: 'outbox', path: '/campaigns/outbox' },
  { name: 'campaign', path: '/campaigns/{campaign}' },
  { name: 'contacts', path: '/contacts' },
  { name: 'market', path: '/market' },
  { name: 'market-trend', path: '/market/trend' },
  { name: 'market-packets', path: '/market/packets' },
  { name: 'market-deals', path: '/market/deals' },
  { name: 'market-briefings', path: '/market/briefings' },
  { name: 'market-signals', path: '/market/signals' },
  { name: 'market-feeds', path: '/market/feeds' },
  { name: 'market-confidence', path: '/market/confidence' },
  { name: 'scoreboard', path: '/scoreboard' },
  { name: 'operations', path: '/operations' },
  { name: 'operations-runs', path: '/operations/runs' },
  { name: 'operations-failures', path: '/operations/failures' },
  { name: 'operations-quality', path: '/operations/quality' },
  { name: 'operations-costs', path: '/operations/costs' },
  { name: 'operations-health', path: '/operations/health' },
  { name: 'operations-sources', path: '/operations/sources' },
  { name: 'operations-audit', path: '/operations/audit' },
  { name: 'upload', path: '/upload' },
  { name: 'upload-file', path: '/upload/{import}' },
  { name: 'settings', path: '/settings' },
  { name: 'settings-organisation', path: '/settings/organisation' },
  { name: 'settings-users', path: '/settings/users' },
  { name: 'settings-api-keys', path: '/settings/api-keys' },
  { name: 'settings-webhooks', path: '/settings/webhooks' },
  { name: 'settings-templates', path: '/settings/templates' },
  { name: 'settings-weights', path: '/settings/weights' },
];

/** The addresses of a file of routes, as the screens' list has them: parameters as `{}`. */
export function routesOf(source: string): string[] {
  const paths = [...source.matchAll(/(?:screen\('|path: ')(\/[^']*)'/g)].map(([, path]) => path!);
  return paths.map(shapeOf).sort();
}

/** The address without its question, parameters as `{}`. */
export function shapeOf(path: string): string {
  return path.replace(/\?.*$/, '').replace(/\$[a-zA-Z]+|\{[a-z]+\}/g, '{}');
}
