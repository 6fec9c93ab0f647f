import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../src/activities/discover/recipe-load.ts';
import { fileRecipeSchema, siteRecipeSchema } from '../../../src/activities/discover/recipe-schema.ts';
import { configDir, recipes } from './support.ts';

const yaml = readFileSync(join(configDir, 'recipes/sites/fsbo-demo.yaml'), 'utf8');
const broken = (from: string, to: string) => () =>
  parseRecipe(yaml.replace(from, to), siteRecipeSchema, 'fsbo-demo.yaml');

describe('recipes', () => {
  it('are all valid, and only the bundled site may be crawled without asking', () => {
    expect(recipes.sites.filter((r) => r.permission === 'allowed').map((r) => r.name)).toEqual(['fsbo-demo']);
    for (const name of ['zillow', 'redfin', 'realtor', 'craigslist']) {
      expect(recipes.sites.find((r) => r.name === name)?.permission).toBe('saved_pages_only');
    }
    expect(recipes.files.map((r) => r.name)).toContain('king-county-sales');
  });

  it.each([
    [
      'permission:',
      'permision:',
      /^fsbo-demo\.yaml:4: permision: unknown key "permision"; did you mean "permission"\?/m,
    ],
    ['requests_per_second', 'request_per_second', /:7: rate\.request_per_second: .*did you mean "requests_per_second"/],
    [
      'ListPrice:',
      'ListPrise:',
      /:16: pages\.0\.fields\.ListPrise: unknown field "ListPrise"; did you mean "ListPrice"/,
    ],
    ['selector: .p-price', 'selectr: .p-price', /:16: .*selectr.*did you mean "selector"/],
    ['permission: allowed', 'permission: maybe', /:4: permission: /],
    ['[/homes]', '[/homes', /not valid YAML/],
  ])('%s written as %s is told with file, line, path and the nearest key', (from, to, message) => {
    expect(broken(from, to)).toThrow(message);
  });

  it('refuses a missing part by its path', () => {
    expect(() => parseRecipe('kind: file\nname: x\n', fileRecipeSchema, 'x.yaml')).toThrow(/x\.yaml:\d+: columns: /);
  });
});
