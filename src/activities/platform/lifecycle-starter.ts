/** What activities may ask of Temporal: starting and waking workflows. The client room implements it. */
export interface LifecycleStarter {
  /** Starts the property's workflow, or leaves the one that runs. True when this call started it. */
  start(lifecycle: LifecycleStart): Promise<boolean>;
  /** Asks for a stage again, starting the workflow when none runs; does not wait for the work. */
  request(lifecycle: LifecycleStart, update: 'reEnrich' | 'reScore' | 'reMemo'): Promise<void>;
  /** Tells the property's workflow that sends of it are due, starting it when none runs. */
  wake(lifecycle: LifecycleStart): Promise<void>;
  /** Has a campaign's workflow choose and ask today's properties, starting it when none runs. */
  runCampaign(campaign: { tenantId: string; campaignId: string; name: string }): Promise<void>;
  /** Starts discovery of one tenant's county, or leaves the one that runs. */
  startDiscovery(input: { tenantId: string; county: string }): Promise<void>;
}

export interface LifecycleStart {
  tenantId: string;
  propertyId: string;
  county: string;
  apn: string | null;
  source: string | null;
  /** For the Web UI's list: parcel, city and state at most, never a name. */
  summary: string;
}
