import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Client } from '@temporalio/client';
import {
  analyseImport,
  readChoices,
  type ImportAnalysis as WholeAnalysis,
} from '../activities/discover/import-analysis.ts';
import { loadRecipes } from '../activities/discover/recipe-load.ts';
import { kindOfFile } from '../activities/discover/registry.ts';
import { onThisMachine } from '../activities/discover/stored-file.ts';
import type { ImportDesk, ImportReading, ReceivedFile } from '../api/import-doors.ts';
import { startDiscovery } from '../client/discoveries.ts';
import type { Database } from '../db/connect.ts';
import { findColumnMapping } from '../db/queries/column-mappings.ts';
import { withTenant } from '../db/tenant.ts';
import { ReosError } from '../domain/errors.ts';
import { workflowIds } from '../domain/ids.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** The parts of the API that take files in, put together. */
export function createImportDesk(deps: {
  db: Database;
  storage: ObjectStore;
  configDir: string;
  clock: () => Date;
  client: Client;
}): ImportDesk {
  const { db, storage, clock } = deps;
  const analyse = async (tenantId: string, path: string, { choices, ...reading }: ImportReading) =>
    analyseImport(
      {
        recipes: await loadRecipes(deps.configDir),
        clock,
        findApproved: (source, headersHash) =>
          withTenant(db, tenantId, (trx) => findColumnMapping(trx, source, headersHash)),
      },
      { ...reading, path, choices: readChoices(choices) },
    );
  return {
    receive,
    store: (key, file) => storage.putFile(key, file.path, 'application/octet-stream'),
    analyse,
    async analyseStored(tenantId, key, reading) {
      const { selection, remove } = await onThisMachine(storage, { key, path: '' });
      try {
        return await analyse(tenantId, selection.path, reading);
      } finally {
        await remove();
      }
    },
    remove: (key) => storage.remove(key),
    run({ tenantId, county, name, key, sha256, recipe, analysis, startLifecycles }) {
      // It was kept as it was made, with what only the import knows.
      const given = (analysis.mapping as WholeAnalysis['mapping'])?.given;
      const columns = given === undefined ? {} : { columns: given };
      const content = createHash('sha256').update(sha256).update(county).update(JSON.stringify(columns)).digest('hex');
      return startDiscovery(deps.client, {
        workflowId: workflowIds.fileImport(tenantId, content),
        input: {
          tenantId,
          county,
          dagId: 'import',
          sources: [{ kind: kindOfFile(name), key, displayName: name, ...(recipe !== null && { recipe }), ...columns }],
          startLifecycles,
        },
      });
    },
  };
}

/** Writes a body to a file as it comes. */
async function receive(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<ReceivedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'reos-upload-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'upload');
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(
        bytes > maxBytes ? new ReosError('payload_too_large', `The body is larger than ${maxBytes} bytes.`) : null,
        chunk,
      );
    },
  });
  try {
    const source = Readable.fromWeb(stream as NodeReadableStream<Uint8Array>);
    await pipeline(source, counted, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, sha256: hash.digest('hex'), bytes, remove };
}
