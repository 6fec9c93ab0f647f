import type { Counties } from '../../config/county-index.ts';
import { configError, parseYaml } from '../../config/yaml-file.ts';
import { ReosError } from '../../domain/errors.ts';
import { type CampaignDefinition, campaignSchema, templatesOf } from '../../domain/outreach/campaign.ts';
import type { MessageKind } from './template-view.ts';
import type { Templates } from './templates.ts';

const KINDS: Record<string, readonly MessageKind[]> = { email: ['email'], sms: ['sms'], mail: ['letter', 'postcard'] };

/** A checked definition with its counties looked up. */
export interface CheckedCampaign {
  definition: CampaignDefinition;
  countyFips: string[];
}

/**
 * Reads a campaign's definition (YAML or JSON) and holds it against what there is: its counties must be configured, and
 * its templates exist for their channels and be well made.
 * @param file how errors name the text
 * @throws ReosError `validation` with file, line, field and fix of every problem
 */
export async function readCampaign(
  deps: { templates: Templates; counties: Pick<Counties, 'find'> },
  tenantId: string,
  file: string,
  text: string,
): Promise<CheckedCampaign> {
  const parsed = parseYaml(campaignSchema, file, text);
  if (!parsed.ok) throw configError('The campaign', parsed.problems);
  const definition = parsed.value;
  const problems: { path: string; message: string }[] = [];
  for (const { channel, template, path } of templatesOf(definition)) {
    const problem = await problemOf(() => deps.templates.find(tenantId, KINDS[channel] ?? [], template));
    if (problem !== null) problems.push({ path, message: `'${template}' cannot be used: ${problem}` });
  }
  const countyFips: string[] = [];
  for (const [index, slug] of definition.audience.counties.entries()) {
    const problem = await problemOf(async () => countyFips.push(deps.counties.find(slug).fips));
    if (problem !== null) problems.push({ path: `audience.counties.${index}`, message: problem });
  }
  if (problems.length > 0) throw configError('The campaign', placed(file, text, problems));
  return { definition, countyFips };
}

/** The problems with the lines of the text that they are about. */
function placed(file: string, text: string, problems: readonly { path: string; message: string }[]) {
  const schema = campaignSchema.superRefine((_value, context) => {
    for (const { path, message } of problems) {
      const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      context.addIssue({ code: 'custom', path: steps, message });
    }
  });
  const again = parseYaml(schema, file, text);
  return again.ok ? [] : again.problems;
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ReosError && ['template', 'not_found', 'validation'].includes(error.code))
      return error.message;
    throw error;
  }
}
