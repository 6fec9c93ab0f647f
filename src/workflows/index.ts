export { countyDiscovery } from './county-discovery.ts';
export { propertyLifecycle } from './property-lifecycle.ts';
export { discoverySweep, heartbeat, lifecycleSweep } from './scheduled.ts';
