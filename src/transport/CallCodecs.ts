/**
 * What the values of a call are encoded and decoded with. They are the schemas
 * that Effect's client and server use. Here the value of a success has a codec
 * of its own, because it needs no schema to see that an answer is a success.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Rpc from "effect/rpc/Rpc"
import type { ResponseExitEncoded } from "effect/rpc/RpcMessage"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSchema from "effect/rpc/RpcSchema"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Schema from "effect/Schema"
import { compiledWhenHot } from "./compiledWhenHot.ts"

type Code<A = unknown> = (value: unknown) => Effect.Effect<A, Schema.SchemaError>

/** The codecs of one call. */
export interface CallCodecs {
  readonly encodePayload: Code
  readonly decodePayload: Code
  readonly encodeSuccess: Code
  readonly decodeSuccess: Code
  readonly encodeExit: Code<ResponseExitEncoded["exit"]>
  readonly decodeExit: Code<Exit.Exit<unknown, unknown>>
}

/** Whether a codec has its result already, as all of plain data have. */
export const isDone = <A, E>(result: Effect.Effect<A, E>): result is Exit.Success<A, E> =>
  Exit.isExit(result) && Exit.isSuccess(result)

/** The calls of a group that have one answer and no middleware, with their codecs. The others are left to Effect. */
export const callsWithOneAnswer = <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
): ReadonlyMap<string, CallCodecs> => {
  const calls = new Map<string, CallCodecs>()
  for (const [tag, any] of group.requests) {
    const rpc = any as unknown as Rpc.AnyWithProps
    if (!RpcSchema.isStreamSchema(rpc.successSchema) && rpc.middlewares.size === 0) calls.set(tag, codecsOf(rpc))
  }
  return calls
}

/** Each is made at its first use: a connection uses few calls, and of each call one side. */
const codecsOf = (rpc: Rpc.AnyWithProps): CallCodecs => {
  const options = Context.get(rpc.annotations, Rpc.ParseOptions)
  const { codecFor } = RpcSerialization.ndjson
  const encoder = (schema: Schema.Top) =>
    compiledWhenHot(
      () => codecFor(schema),
      (codec) => Schema.encodeUnknownEffect(codec, options),
    )
  const decoder = (schema: Schema.Top) =>
    compiledWhenHot(
      () => codecFor(schema),
      (codec) => Schema.decodeUnknownEffect(codec, options),
    )
  const exit = Rpc.exitSchema(rpc)
  return {
    encodePayload: encoder(rpc.payloadSchema),
    decodePayload: decoder(rpc.payloadSchema),
    encodeSuccess: encoder(rpc.successSchema),
    decodeSuccess: decoder(rpc.successSchema),
    encodeExit: encoder(exit),
    decodeExit: decoder(exit),
  } as CallCodecs
}
