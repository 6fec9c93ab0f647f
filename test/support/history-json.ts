import { createRequire } from 'node:module';
import type { History } from '@temporalio/common/lib/proto-utils.js';

// The SDK's own conversion compares classes of two copies of protobufjs where npm installs one per package, and then
// refuses every history. Here type and conversion come from one and the same copy.
const proto = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
const { toJson, fromJson } = proto('protobufjs/ext/protojson') as {
  toJson(type: unknown, message: unknown): unknown;
  fromJson(type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }): History;
};
const { patchProtobufRoot } = proto('@temporalio/proto/lib/patch-protobuf-root') as {
  patchProtobufRoot(root: unknown): { lookupType(name: string): { fromObject(value: unknown): unknown } };
};
const HISTORY = patchProtobufRoot(proto('@temporalio/proto')).lookupType('temporal.api.history.v1.History');

/** A history as the JSON that Temporal's tools write and read. */
export function historyToJson(history: History): unknown {
  return toJson(HISTORY, HISTORY.fromObject(history));
}

/** The history of such JSON, ready to be replayed. */
export function historyOfJson(json: unknown): History {
  return fromJson(HISTORY, json, { ignoreUnknownFields: true });
}
