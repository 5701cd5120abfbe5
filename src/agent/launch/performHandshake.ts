/** The handshake of a launch: asked, answered in time, and checked. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import type { HandshakeRequest, HandshakeResponse } from "../../protocol/Handshake.ts"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"
import type { Manifest } from "../catalog/Manifest.ts"
import { checkHandshake } from "./HandshakeCheck.ts"
import { describeOutcome } from "./LaunchOutcome.ts"
import { outputGrace } from "./ProcessEnd.ts"
import type { PluginProcess } from "./PluginProcess.ts"
import type { PluginClient } from "./RemoteOperator.ts"

export interface HandshakeOptions {
  readonly client: PluginClient
  readonly process: Pick<PluginProcess, "ended">
  readonly request: HandshakeRequest
  readonly manifest: Manifest
  /** From the spawn to the answer. */
  readonly handshakeMillis: number
  /** How much of that has passed. */
  readonly passedMillis: number
}

/** The answer of the plugin that was started, or the reason why there is none. */
export const performHandshake = (options: HandshakeOptions): Effect.Effect<HandshakeResponse, string> => {
  const { handshakeMillis, manifest, passedMillis, request } = options
  return ask(options).pipe(
    Effect.timeoutOrElse({
      duration: Duration.millis(Math.max(handshakeMillis - passedMillis, 0)),
      orElse: () =>
        Effect.fail(`it did not answer the handshake within ${Duration.format(Duration.millis(handshakeMillis))}`),
    }),
    Effect.tap((answer) => {
      const mismatch = checkHandshake(answer, { manifest, cookie: request.cookie })
      return mismatch === undefined ? Effect.void : Effect.fail(mismatch)
    }),
  )
}

const ask = ({ client, process, request }: HandshakeOptions): Effect.Effect<HandshakeResponse, string> =>
  client.Handshake(request).pipe(
    Effect.catchDefect((defect) => Effect.fail(unreadable(defect))),
    Effect.catchTags({
      HandshakeRefused: (refused) => Effect.fail(refused.message),
      RpcClientError: (lost) =>
        // A process that can not start ends just after its stdout did; its exit says more than the pipe.
        Effect.flatMap(Effect.timeoutOption(process.ended, Duration.times(outputGrace, 4)), (end) =>
          Effect.fail(Option.isSome(end) ? `it ${describeOutcome(end.value.outcome)}` : lost.reason.message),
        ),
    }),
    // Nobody has interrupted this launch, or it would not come here.
    Effect.catchCauseIf(Cause.hasInterruptsOnly, () => Effect.fail("it gave up its handshake")),
  )

/** An answer that is not in the protocol: where it is not, and nothing of what it holds. */
const unreadable = (defect: unknown): string => {
  const issue = Predicate.hasProperty(defect, "issue") && SchemaIssue.isIssue(defect.issue) ? defect.issue : undefined
  if (issue === undefined) return `its handshake can not be read: ${String(defect)}`
  const places = locateIssues(issue).map(({ path }) => formatPath(path.filter((key) => key !== "value")))
  return `it does not speak this protocol: ${places.join(", ")} of its answer to the handshake is missing or of another shape; upgrade the plugin`
}
