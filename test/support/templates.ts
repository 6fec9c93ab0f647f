import type { Template } from '../../src/activities/outreach/template-compile.ts';
import type { Templates } from '../../src/activities/outreach/templates.ts';

/** Templates of every name and kind that write next to nothing: for tests that look at sending, not at texts. */
export const PLAIN_TEMPLATES: Templates = {
  find: async (_tenantId, kinds, name): Promise<Template> => ({
    kind: kinds[0] ?? 'email',
    name,
    version: null,
    sha256: 'plain',
    fields: new Set(['memoUrl', 'hasAttachment']),
    fill: ({ propertyLabel = '', memoUrl = '' }) => ({
      'subject.txt': propertyLabel,
      mjml: `<p>${memoUrl}</p>`,
      txt: memoUrl,
      'sms.txt': `${propertyLabel} Reply STOP to opt out`,
      'letter.html': `<p>${propertyLabel}</p>`,
      'front.html': `<p>${propertyLabel}</p>`,
      'back.html': '<p>back</p>',
    }),
  }),
};
