import { writeFile } from 'node:fs/promises';
import { CLIENT_SCHEMA, clientSchemaText } from './client-codegen.ts';

await writeFile(CLIENT_SCHEMA, await clientSchemaText());
