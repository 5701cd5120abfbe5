/** What runners ask each other about a forma. Messages have ids and no documents: they are kept in clear, and cross the network. */
import * as ClusterSchema from "effect/cluster/ClusterSchema"
import * as Entity from "effect/cluster/Entity"
import * as Rpc from "effect/rpc/Rpc"
import * as Schema from "effect/Schema"
import { ApiAnswer, ApiCanceled, ApiRecord } from "../control/api/ApiCommand.ts"
import { BadRequest, NotFound, Refused, Unavailable } from "../control/api/ApiFailure.ts"
import { groupOfEntity } from "./placement.ts"

/** The entity is about to be handed over. The same is asked of the next runner. */
export class HandedOver extends Schema.TaggedError<HandedOver>("formae/cluster/HandedOver")("HandedOver", {}) {}

const key = Schema.String

/** The commands of one forma, on one runner at a time. */
export const FormaEntity = Entity.make("Forma", [
  /** Runs the command of a key to its end. It is kept until then, so that the next runner goes on with it. */
  Rpc.make("Run", { payload: { key }, primaryKey: (payload) => payload.key })
    .annotate(ClusterSchema.Persisted, true)
    .annotate(ClusterSchema.InterruptOnTermination, true)
    .annotate(ClusterSchema.Uninterruptible, "client"),
  /** Begins the command of a key, or finds it. */
  Rpc.make("Begin", {
    payload: { key },
    success: ApiRecord,
    error: Schema.Union([BadRequest, HandedOver, Refused, Unavailable]),
  }),
  /** What has become of a command, once its revision is higher than `after`. */
  Rpc.make("Look", {
    payload: { key, after: Schema.optionalKey(Schema.Int) },
    success: ApiRecord,
    error: Schema.Union([HandedOver, NotFound, Unavailable]),
  }),
  Rpc.make("Answer", {
    payload: { key, answer: ApiAnswer },
    success: ApiRecord,
    error: Schema.Union([HandedOver, NotFound, Refused, Unavailable]),
  }),
  Rpc.make("Cancel", {
    payload: { key, how: Schema.Literals(["stop", "interrupt"]) },
    success: ApiCanceled,
    error: Schema.Union([HandedOver, Unavailable]),
  }),
]).annotate(ClusterSchema.ShardGroup, groupOfEntity)
