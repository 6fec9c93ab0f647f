export { campaign } from './campaign.ts';
export { countyDiscovery } from './county-discovery.ts';
export { marketRefresh } from './market-refresh.ts';
export { modelTraining } from './model-training.ts';
export { propertyLifecycle } from './property-lifecycle.ts';
export { reportDispatch } from './report-dispatch.ts';
export { rescoreAll, rescoreSweep } from './rescore.ts';
export { campaignSweep, discoverySweep, heartbeat, lifecycleSweep } from './scheduled.ts';
