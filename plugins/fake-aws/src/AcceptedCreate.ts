/**
 * When an accepted create is ready. The cloud knows it from its own table, and
 * the request id names the resource, so that any later launch can ask.
 */
import { Answer, jsonText, type ProviderAnswer } from "formae/plugin"
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

export const requestIds = jsonText("request id", AcceptedWork)

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
  const requestId = yield* requestIds.write({ operation: "create", nativeId: row.nativeId, ...label })
  return Answer.inProgress({ requestId, nativeId: row.nativeId }) satisfies ProviderAnswer
})
