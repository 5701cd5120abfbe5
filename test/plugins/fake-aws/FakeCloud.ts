/** A cloud in a temporary directory, with access to its tables, and the calls of one resource type. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { ProviderAnswer } from "formae/plugin"
import { NativeId, OperationId, type Properties, RequestId, ResourceType } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"

const Resource = Schema.Struct({
  native_id: Schema.String,
  type: Schema.String,
  properties: Schema.fromJsonString(Schema.JsonObject),
  token: Schema.String,
  created_at: Schema.Int,
})
const Call = Schema.Struct({
  seq: Schema.Int,
  at: Schema.Int,
  pid: Schema.Int,
  operation: Schema.String,
  type: Schema.String,
  native_id: Schema.NullOr(Schema.String),
  token: Schema.String,
  outcome: Schema.String,
})
const decodeResources = Schema.decodeUnknownEffect(Schema.Array(Resource))
const decodeCalls = Schema.decodeUnknownEffect(Schema.Array(Call))

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "fake-aws-"))),
  (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true })),
)

const query = (file: string, sql: string) =>
  Effect.acquireUseRelease(
    Effect.sync(() => new DatabaseSync(file, { readOnly: true })),
    (database) => Effect.sync(() => database.prepare(sql).all()),
    (database) => Effect.sync(() => database.close()),
  )

export const makeFakeCloud = Effect.gen(function* () {
  const file = path.join(yield* temporaryDirectory, "cloud.db")
  return {
    file,
    /** The config of a target in this cloud. Unless `more` says otherwise, resources are ready at once. */
    target: (more: Properties = {}): Properties => ({ cloud: file, region: "eu-west-1", settleMillis: 0, ...more }),
    resources: Effect.flatMap(query(file, "SELECT * FROM resources ORDER BY created_at, native_id"), decodeResources),
    calls: Effect.flatMap(query(file, "SELECT * FROM calls ORDER BY seq"), decodeCalls),
  }
})

/** The calls of one resource type, with plain strings for names. */
export const callsOf = (typeName: string, targetConfig: Properties) => {
  const resourceType = ResourceType.make(typeName)
  const definition = plugin.types.get(resourceType)
  if (definition === undefined) throw new TypeError(`No such resource type: ${typeName}`)
  const subject = (operationId = "op-1") => ({
    operationId: OperationId.make(operationId),
    resourceType,
    targetConfig,
    label: "it",
  })
  const { list, recover, status, update } = definition
  return {
    create: (properties: Properties, operationId?: string, label = "it") =>
      definition.create({ ...subject(operationId), label, properties }),
    recover: (properties: Properties, operationId?: string) =>
      recover === undefined
        ? Effect.die(`${typeName} does not support recovery`)
        : recover({ ...subject(operationId), properties }),
    read: (nativeId: string) => definition.read({ ...subject(), nativeId: NativeId.make(nativeId) }),
    update: (nativeId: string, desired: Properties) =>
      update === undefined
        ? Effect.die(`${typeName} has no update`)
        : update({ ...subject(), label: "it", nativeId: NativeId.make(nativeId), prior: {}, desired, patch: [] }),
    delete: (nativeId: string) => definition.delete({ ...subject(), nativeId: NativeId.make(nativeId) }),
    status: (requestId: string) =>
      status === undefined
        ? Effect.die(`${typeName} has no status`)
        : status({ ...subject(), requestId: RequestId.make(requestId) }),
    list: (page: { readonly pageSize?: number; readonly pageToken?: string } = {}) =>
      list === undefined ? Effect.die(`${typeName} has no list`) : list({ ...subject(), ...page }),
  }
}

export const expectSucceeded = (answer: ProviderAnswer) =>
  answer._tag === "Succeeded" ? Effect.succeed(answer) : Effect.die(`Expected Succeeded, got ${answer._tag}`)

export const expectInProgress = (answer: ProviderAnswer) =>
  answer._tag === "InProgress" ? Effect.succeed(answer) : Effect.die(`Expected InProgress, got ${answer._tag}`)
