import mjml2html from 'mjml';
import { describe, expect, it } from 'vitest';
import { mjmlProblem } from '../../../src/activities/outreach/mjml-problem.ts';
import { findFile } from '../../../src/activities/outreach/templates.ts';

describe('errors of templates', () => {
  it('name line and element of MJML, and no folder of the server', async () => {
    const text =
      '<mjml><mj-body><mj-section><mj-column>\n<mj-foo/><mj-text bad="1">x</mj-text></mj-column></mj-section></mj-body></mjml>';
    const error = await mjml2html(text, { validationLevel: 'strict', ignoreIncludes: true }).catch(
      (cause: unknown) => cause,
    );
    expect(mjmlProblem(error)).toBe(
      "Line 2 (mj-foo) — Element mj-foo doesn't exist or is not registered; Line 2 (mj-text) — Attribute bad is illegal",
    );
  });

  it('name a missing file by its place in the config folder', async () => {
    const error = await findFile('/srv/secret/templates/outreach', ['sms'], 'absent').catch((cause: unknown) => cause);
    expect(String(error)).toContain('the config folder has no templates/outreach/absent.sms.txt');
    expect(String(error)).not.toContain('/srv');
  });
});
