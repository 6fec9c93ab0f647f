import type { BudgetState } from '../db/queries/budgets.ts';
import type { BuyBox } from '../domain/outreach/buy-box.ts';
import type { CampaignDefinition } from '../domain/outreach/campaign.ts';
import type { ChannelKind, ContactDetails, ContactKind } from '../domain/outreach/contact.ts';
import type { ContactField } from '../domain/outreach/contact-columns.ts';
import type { ContactsAnswer, FileSayings } from '../domain/outreach/contact-sayings.ts';

/** What a run of a campaign would do now. Money in 1e-6 USD; null where no message can be made. */
export interface CampaignDryRun {
  /** Why a run would do nothing now; null when it would. */
  reason: string | null;
  /** Properties that the campaign is about. */
  audience: number;
  /** Messages of the run's first step. */
  messages: number;
  /** Why recipients or properties are passed over, and how often. */
  passedOver: Partial<Record<string, number>>;
  first: { contactName: string; propertyId: string; property: string; score: number | null }[];
  steps: {
    step: number;
    variant: string | null;
    channel: ChannelKind;
    provider: string;
    /** As the first recipient would see it. */
    parts: Record<string, string> | null;
    problem: string | null;
    costEachMicros: number | null;
    messages: number;
  }[];
  /** Budgets that cover the providers of steps that cost something. */
  budgets: BudgetState[];
}

/** Checking and rehearsing campaigns. */
export interface CampaignDesk {
  /**
   * Holds a definition against the schema, the templates and the counties.
   * @throws ReosError `validation` with each field that is wrong
   */
  check(tenantId: string, definition: unknown): Promise<{ definition: CampaignDefinition; countyFips: string[] }>;
  /** A dry run; nothing of it is written. `first`: recipients to list. */
  rehearse(tenantId: string, campaignId: string, first: number): Promise<CampaignDryRun>;
}

/** Which campaign; the name is shown in Temporal's list. */
export interface CampaignReference {
  tenantId: string;
  campaignId: string;
  name: string;
}

/** The workflows of campaigns. */
export interface CampaignDoor {
  /** Has it run now, starting its workflow when none runs. */
  run(campaign: CampaignReference): Promise<void>;
  /** Passes an order on; false when no workflow runs: the database has the order. */
  order(campaign: CampaignReference, order: 'pause' | 'resume' | 'stop', reason: string | null): Promise<boolean>;
}

/** A contact as it was read from single fields. */
export interface ReadContact {
  details: ContactDetails;
  place: { timeZone: string; state: string | null };
  tags: string[];
}

/** What an import of contacts counts. */
export type StoredCount =
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'archived'
  | 'properties_linked'
  | 'buy_boxes'
  | 'consents';

/** Reading what people say about contacts, and removing their files. */
export interface ContactDesk {
  /**
   * Reads a contact from fields as an import names them (`name`, `email`, `line1` …; empty for none).
   * @throws ReosError `validation` naming each field
   */
  readContact(kind: ContactKind, field: (name: ContactField) => string, now: Date): ReadContact;
  /**
   * Reads a buy box from fields; null when it says nothing.
   * @throws ReosError `validation` naming each field
   */
  readBuyBox(field: (name: ContactField) => string): BuyBox | null;
  /**
   * Reads a file of contacts and, unless it is a dry run, stores those that can be; a second time nothing changes.
   * @throws ReosError `validation` for a file that is broken as a whole or too long, or for what was said wrongly
   */
  importFile(order: {
    tenantId: string;
    /** Where the file lies, and the name it goes by. */
    path: string;
    name: string;
    maxRows: number;
    said: FileSayings;
    dryRun: boolean;
    importedBy: string;
    now: Date;
  }): Promise<ContactsAnswer & { stored: boolean } & Partial<Record<StoredCount, number>>>;
  /** Removes the files of sends; returns how many there were. */
  eraseFiles(tenantId: string, sendIds: readonly string[]): Promise<number>;
}

/** A property, as its workflow is started. */
export interface LifecycleReference {
  tenantId: string;
  propertyId: string;
  county: string;
  apn: string | null;
  source: string | null;
  summary: string;
}

/** The workflows of properties. */
export interface LifecycleDoor {
  /** Starts it; false when one runs already. */
  start(lifecycle: LifecycleReference): Promise<boolean>;
  signal(
    tenantId: string,
    propertyId: string,
    signal: 'pause' | 'resume' | 'suppress' | 'recordOutcome',
    payload: unknown,
  ): Promise<void>;
  /** Asks for an update and returns when it is accepted. */
  request(lifecycle: LifecycleReference, update: 'reEnrich' | 'reScore' | 'reMemo'): Promise<void>;
  /** Runs an update to its end. */
  update(
    lifecycle: LifecycleReference,
    update: 'approveOutreach' | 'reEnrich' | 'reScore' | 'reMemo',
    payload?: { campaignId: string },
  ): Promise<unknown>;
}
