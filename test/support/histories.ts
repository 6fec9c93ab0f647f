import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LifecycleStart } from '../../src/activities/platform/lifecycle-starter.ts';
import { workflowIds } from '../../src/domain/ids.ts';
import { historyToJson } from './history-json.ts';
import type { World } from './lifecycle-world.ts';

/** Recorded histories, one file per path through a workflow. */
export const HISTORIES = resolve('test/replay/histories');

/** Set by test/replay/record.ts alone: the folder to write histories to. */
const RECORD_TO = process.env.REOS_RECORD_HISTORIES;

/** Keeps the history of a property's newest run under a name, when a recording run asked for it. */
export function keepHistory(world: World, property: LifecycleStart, name: string): Promise<void> {
  return keepWorkflowHistory(world, workflowIds.property(property.tenantId, property.propertyId), name);
}

/** The same for any workflow. A history that exists is not replaced: old ones prove that old runs go on. */
export async function keepWorkflowHistory(world: World, workflowId: string, name: string): Promise<void> {
  if (RECORD_TO === undefined) return;
  const history = await world.temporal.client.workflow.getHandle(workflowId).fetchHistory();
  const text = scrub(JSON.stringify(historyToJson(history)), world.folder);
  await writeFile(join(RECORD_TO, `${name}.json`), `${text}\n`, { flag: 'wx' });
}

/** Stack traces name folders, and payloads (base64 JSON) may name the world's: both are taken out. */
function scrub(history: string, folder: string): string {
  const parsed = JSON.parse(history, (key, value) => {
    if (key === 'stackTrace') return '';
    if (key !== 'data' || typeof value !== 'string') return value;
    const text = Buffer.from(value, 'base64').toString('utf8');
    return text.includes(folder) ? Buffer.from(text.replaceAll(folder, '/data')).toString('base64') : value;
  });
  return JSON.stringify(parsed, null, 1).replaceAll(folder, '/data');
}
