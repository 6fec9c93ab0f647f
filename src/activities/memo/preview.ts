import type { MemoBrand, MemoInput, MemoTemplateSource } from '../../domain/memo/input.ts';
import { sampleInput } from '../../domain/memo/sample-input.ts';
import type { RenderMemo } from '../deps.ts';
import { readOutlines } from './outlines.ts';

/** What a preview shows: any part that is absent is the product's own. */
export interface MemoPreview {
  /** A stored template, or a candidate that was not saved yet. */
  template?: MemoTemplateSource;
  companyName?: string | null;
  brand?: MemoBrand;
  /** Pictures as data: URIs. */
  images?: readonly string[];
}

/**
 * A memo of an invented property with the given template and branding, printed and not stored. The words `sample` stand
 * in its address, so that nobody takes it for a real one.
 * @throws ReosError `template` for a template that is refused; the message names template, line or field
 */
export async function previewMemo(deps: { renderMemo: RenderMemo }, preview: MemoPreview = {}): ReturnType<RenderMemo> {
  return deps.renderMemo(await previewInput(preview));
}

/** The input of such a preview. */
export async function previewInput({ template, companyName, brand, images }: MemoPreview): Promise<MemoInput> {
  const input = sampleInput();
  const outlines = await readOutlines(input.property.countyFips);
  return {
    ...input,
    property: { ...input.property, address: `${input.property.address ?? ''} (sample)` },
    tenant: {
      ...input.tenant,
      name: companyName ?? input.tenant.name,
      ...(brand === undefined ? {} : { brand, callToAction: { text: input.tenant.callToAction.text } }),
    },
    outlines: outlines === null ? null : { ...outlines, county: { ...outlines.county, name: input.county.name } },
    images: images ?? [],
    ...(template === undefined ? {} : { template }),
  };
}
