/** Both calls in Effect RPC, with a schema for each payload and each answer. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import { propertiesOf } from "./Read.ts"

const LargeProperties = Schema.Struct({
  entries: Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.String })),
})

export class BenchRpcs extends RpcGroup.make(
  Rpc.make("Read", {
    payload: Schema.Struct({
      nativeId: Schema.NonEmptyString,
      resourceType: Schema.String,
      targetConfig: Schema.Struct({ region: Schema.String }),
    }),
    success: Schema.Struct({
      operation: Schema.Literal("Read"),
      status: Schema.Literal("Succeeded"),
      nativeId: Schema.NonEmptyString,
      properties: Schema.Struct({
        name: Schema.String,
        tags: Schema.Record(Schema.String, Schema.String),
        size: Schema.Int,
      }),
    }),
  }),
  Rpc.make("Create", { payload: LargeProperties, success: LargeProperties }),
) {}

export const layerHandlers = BenchRpcs.toLayer(
  BenchRpcs.of({
    Read: ({ nativeId }) =>
      Effect.succeed({ operation: "Read", status: "Succeeded", nativeId, properties: propertiesOf(nativeId) }),
    Create: (properties) => Effect.succeed(properties),
  }),
)
