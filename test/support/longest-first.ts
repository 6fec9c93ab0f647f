import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes each: begun last, they would leave the other worker without work at the end. */
const LONGEST = [
  'test/chaos/kills.integration.test.ts',
  'test/web/screens.integration.test.ts',
  'test/cli/verbs.integration.test.ts',
  'test/web/keyboard.integration.test.ts',
  'test/web/list-work.integration.test.ts',
  'test/web/roles.integration.test.ts',
];

/** The order of test files: the longest first, the others as the runner has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.indexOf(relative(process.cwd(), moduleId).replaceAll('\\', '/'));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b));
  }
}
