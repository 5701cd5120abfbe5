/**
 * When an accepted create is ready. The cloud knows it from its own table, and
 * the request id names the resource, so that any later launch can ask.
 */
import { Answer, type ProviderAnswer, ProviderError } from "formae/plugin"
import { NativeId, type Properties } from "formae/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "./Tables.ts"
import type { Target } from "./Target.ts"

/** The label is there for the faults, which may be meant for one resource. */
const AcceptedWork = Schema.Struct({
  operation: Schema.Literal("create"),
  nativeId: NativeId,
  label: Schema.optionalKey(Schema.String),
})
export type AcceptedWork = typeof AcceptedWork.Type

const AcceptedWorkJson = Schema.fromJsonString(AcceptedWork)
const encode = Schema.encodeEffect(AcceptedWorkJson)
const decode = Schema.decodeUnknownEffect(AcceptedWorkJson)

export const readRequestId = (requestId: string): Effect.Effect<AcceptedWork, ProviderError> =>
  Effect.mapError(decode(requestId), () =>
    ProviderError.of("InvalidRequest", `the request id ${requestId} is not one of FakeAWS`),
  )

/** The answer to a create, and to each question about it. */
export const settle = Effect.fnUntraced(function* (
  row: Row,
  work: { readonly label: string | undefined; readonly target: Target; readonly visible: (row: Row) => Properties },
) {
  const now = yield* Clock.currentTimeMillis
  if (row.createdAt + work.target.settleMillis <= now) {
    return Answer.succeeded({ nativeId: row.nativeId, properties: work.visible(row) })
  }
  const label = work.label === undefined ? {} : { label: work.label }
  const requestId = yield* Effect.orDie(encode({ operation: "create", nativeId: row.nativeId, ...label }))
  return Answer.inProgress({ requestId, nativeId: row.nativeId }) satisfies ProviderAnswer
})
