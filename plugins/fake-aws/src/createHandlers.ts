/** The handlers of a create: it is accepted, asked about until it is ready, and found again after a crash. */
import { ProviderError, Recovered, type ResourceSpec } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { createProgress, requestIds } from "./AcceptedCreate.ts"
import type { Account, Cloud } from "./Cloud.ts"
import type { CloudResourceSpec } from "./CloudResourceSpec.ts"
import { providerCall } from "./providerCall.ts"
import { createOnce, findCreated, supportsRecovery } from "./RepeatedCreate.ts"
import type { Row } from "./Tables.ts"
import type { Target } from "./Target.ts"

/** `visible` gives the properties of a row that the provider returns. */
export const createHandlers = <P extends Properties>(
  spec: CloudResourceSpec<P>,
  visible: (row: Row) => Properties,
): Pick<ResourceSpec<P, Target, Cloud>, "create" | "status" | "recover"> => ({
  create: (request) =>
    providerCall(
      { ...request, operation: "create" },
      Effect.fnUntraced(function* (account: Account, seq: number) {
        // A test clock may stand between two milliseconds; the table has whole ones.
        const createdAt = Math.floor(yield* Clock.currentTimeMillis)
        const row = yield* account.transact((tables) => createOnce(tables, spec, { ...request, createdAt, seq }))
        return yield* createProgress(row, { ...request, visible })
      }),
    ),

  status: (request) =>
    Effect.flatMap(requestIds.read(request.requestId), ({ label, nativeId }) =>
      providerCall(
        { ...request, nativeId, label, operation: "status" },
        Effect.fnUntraced(function* (account: Account) {
          const row = yield* account.run((tables) => tables.find(request.resourceType, nativeId))
          // Not NotFound, which is retried: the resource was there when its create was accepted.
          if (row === undefined) {
            return yield* ProviderError.of("GeneralServiceException", `${nativeId} was deleted before it was ready`)
          }
          return yield* createProgress(row, { target: request.target, label, visible })
        }),
      ),
    ),

  ...(supportsRecovery(spec.idempotency) && {
    recover: (request) =>
      providerCall(
        { ...request, operation: "recover" },
        Effect.fnUntraced(function* (account: Account) {
          const row = yield* account.run((tables) => findCreated(tables, spec, request))
          if (row === undefined) return Recovered.notStarted
          const answer = yield* createProgress(row, { ...request, visible })
          return answer._tag === "Succeeded" ? Recovered.done(answer) : Recovered.inProgress(answer)
        }),
      ),
  }),
})
