/** The call `Describe` of one launch. */
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { ConnectionLost } from "../../protocol/OperatorError.ts"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { AskForSchemas } from "./LaunchTypes.ts"
import type { PluginClient } from "./PluginClient.ts"
import { UndescribedTypes } from "./UndescribedTypes.ts"
import { describeUnreadable } from "./UnreadableAnswer.ts"

/** Asks the plugin with this name, which may take as long as the limit. */
export const askForSchemas =
  (client: Pick<PluginClient, "Describe">, plugin: string, limit: Duration.Duration): AskForSchemas =>
  (types) => {
    const failed = (reason: string) => Effect.fail(new UndescribedTypes({ plugin, reason }))
    const lost = Effect.fail(new ConnectionLost({ message: "Describe has no answer", sent: true }))
    const asked = client.Describe({ types }).pipe(
      Effect.map((answer) => answer.types),
      Effect.catchDefect((defect) => failed(reasonOf(defect))),
      Effect.catchTags({
        OperationNotSupported: ({ message }) => failed(message),
        ProtocolError: ({ message }) => failed(message),
        RpcClientError: () => lost,
      }),
      // If this caller were interrupted, it would not get here: the launch is over.
      Effect.catchCauseIf(Cause.hasInterruptsOnly, () => lost),
    )
    return RunningTime.timeoutOrElse(asked, { duration: limit, orElse: () => failed("it did not answer in time") })
  }

const reasonOf = (defect: unknown): string => {
  const unreadable = describeUnreadable(defect)
  if (unreadable !== undefined) return `its answer cannot be read: ${unreadable}`
  return Predicate.isError(defect) ? defect.message : String(defect)
}
