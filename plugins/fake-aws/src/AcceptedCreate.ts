/**
 * A create that the cloud has accepted, and that is ready after a while. The
 * cloud knows from its own table when it is ready, and the request id names the
 * resource, so any later launch can ask.
 */
import { Answer, jsonText, type ProviderAnswer } from "formae/plugin"
import { NativeId, type Properties } from "formae/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Row } from "./Tables.ts"
import type { Target } from "./Target.ts"

/** The label is kept for faults that are meant for one resource. */
const AcceptedCreate = Schema.Struct({
  operation: Schema.Literal("create"),
  nativeId: NativeId,
  label: Schema.optionalKey(Schema.String),
})

export const requestIds = jsonText("request id", AcceptedCreate, "UnforeseenError")

/** The answer to a create, and to each later question about it. */
export const createProgress = Effect.fnUntraced(function* (
  row: Row,
  create: { readonly label: string | undefined; readonly target: Target; readonly visible: (row: Row) => Properties },
) {
  const now = yield* Clock.currentTimeMillis
  if (row.createdAt + create.target.settleMillis <= now) {
    return Answer.succeeded({ nativeId: row.nativeId, properties: create.visible(row) })
  }
  const label = create.label === undefined ? {} : { label: create.label }
  const requestId = yield* requestIds.write({ operation: "create", nativeId: row.nativeId, ...label })
  return Answer.inProgress({ requestId, nativeId: row.nativeId }) satisfies ProviderAnswer
})
