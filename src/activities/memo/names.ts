import { checkKey } from '../../storage/object-store.ts';

/** The memo template of a tenant that has none of its own. */
export const DEFAULT_TEMPLATE = 'investor-memo';

/** Where a tenant's picture lies in the store: under its content's hash. */
export function imageKey(tenantId: string, folder: 'images' | 'branding', sha256: string, extension: string): string {
  return checkKey(`tenants/${tenantId.toLowerCase()}/${folder}/${sha256}.${extension}`);
}

/** A picture's bytes as an address that asks nobody. */
export function dataUri(contentType: string, bytes: Uint8Array): string {
  return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}
