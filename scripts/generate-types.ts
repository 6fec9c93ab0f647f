import { withScratchDatabase } from './scratch-database.ts';
import { generateTables } from './tables-codegen.ts';

await withScratchDatabase((adminUrl) => generateTables(adminUrl));
