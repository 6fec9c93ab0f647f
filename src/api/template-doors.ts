import type { TenantBranding } from '../db/queries/branding.ts';
import type { TemplateKind, TemplateParts } from '../db/queries/templates.ts';

/** A template to be looked at: a stored version, the product's own, or one that is not stored. */
export interface TemplateCandidate {
  kind: TemplateKind;
  name: string;
  version: number | null;
  parts: TemplateParts;
}

/** The product's own templates, and what checks and fills any. */
export interface TemplateDesk {
  listProduct(): Promise<Array<{ kind: TemplateKind; name: string }>>;
  /** Null when there is none of that kind and name. */
  readProduct(kind: TemplateKind, name: string): Promise<TemplateParts | null>;
  /** @returns the fields it uses. @throws ReosError `template` naming template, part and field */
  check(kind: TemplateKind, name: string, parts: TemplateParts, version: number): Promise<string[]>;
  /** The template filled with an invented property, by part. @throws ReosError `template` */
  preview(
    candidate: TemplateCandidate,
    audience: 'investor' | 'owner' | undefined,
    branding: TenantBranding,
  ): Promise<Record<string, string>>;
  /** Keeps a logo and returns its key. @throws ReosError `validation` for what is no picture */
  keepLogo(tenantId: string, bytes: Uint8Array): Promise<string>;
}

/** Files of messages that no provider was given. */
export interface OutboxDoor {
  /** Empty when there are none. */
  read(tenantId: string, sendId: string): Promise<Array<{ name: string; bytes: number; text: string | null }>>;
}
