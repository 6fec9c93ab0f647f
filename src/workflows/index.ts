export { countyDiscovery } from './county-discovery.ts';
export { modelTraining } from './model-training.ts';
export { propertyLifecycle } from './property-lifecycle.ts';
export { rescoreAll, rescoreSweep } from './rescore.ts';
export { discoverySweep, heartbeat, lifecycleSweep } from './scheduled.ts';
