/** A provider that fails on request: creates by raw frames, and which calls have arrived. */
import * as Effect from "effect/Effect"
import type { OperationId } from "../../../../protocol/Identity.ts"
import { isRecoverable } from "../../../../protocol/ErrorCode.ts"
import { type Failed, isFinished, type Progress } from "../../../../protocol/Progress.ts"
import type { OperatorSettings } from "../../../../protocol/Settings.ts"
import type { CurrentPeer } from "../../peer/CurrentPeer.ts"
import { describeFinished } from "../../peer/expectEnd.ts"
import { progressOf, watchToEnd } from "../../peer/RawOperation.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import type { FailureKind } from "../../samples/Failing.ts"
import type { CreatePayload, RawCreates } from "./RawCreates.ts"
import type { Subject } from "../../samples/Subject.ts"

/** Few retries, with delays that can be told apart. */
export const failingSettings = {
  retry: { maxRetries: 3, baseMillis: 200, capMillis: 800 },
  poll: { baseMillis: 50, factor: 1.5, capMillis: 200 },
  callTimeoutMillis: 60_000,
  logLevel: "Info",
} satisfies OperatorSettings

/** No retries, and a time limit that is soon over. */
export const hastySettings = {
  ...failingSettings,
  retry: { ...failingSettings.retry, maxRetries: 0 },
  callTimeoutMillis: 500,
} satisfies OperatorSettings

/** A call that the provider has got. */
export interface ProviderCall {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly kind: string
}

/** A create that the provider was asked to fail, from its first answer to its end. */
export interface FailedCreate {
  readonly progress: ReadonlyArray<Progress>
  /** The calls that it has led to; undefined if the provider keeps no log. */
  readonly calls: ReadonlyArray<ProviderCall> | undefined
}

export interface FailingProvider {
  readonly subject: Subject
  readonly raw: RawCreates
  /** The process with `failingSettings`. */
  readonly peer: CurrentPeer
  /** The process with `hastySettings`. */
  readonly hasty: CurrentPeer
  readonly withinMillis: number
  readonly nextOperationId: () => OperationId
  /** Undefined if the provider keeps no log. */
  readonly calls: Effect.Effect<ReadonlyArray<ProviderCall> | undefined>
}

/** The payload of a create that fails in this way. Skips the check if the sample has none. */
export const failingPayload = (
  { nextOperationId, subject }: FailingProvider,
  kind: FailureKind,
): Effect.Effect<CreatePayload, Finding> =>
  Effect.suspend(() => {
    const changed = subject.failing(kind)
    if (changed === undefined) return Effect.fail(skip(`its sample does not say what makes the provider fail: ${kind}`))
    return Effect.succeed({
      operationId: nextOperationId(),
      resourceType: subject.type,
      targetConfig: changed.target,
      label: "conformance",
      properties: changed.properties,
    })
  })

/** Creates, and watches to the end. */
export const failCreate = Effect.fnUntraced(function* (
  provider: FailingProvider,
  peer: RawPeer,
  payload: CreatePayload,
): Effect.fn.Return<FailedCreate, Finding> {
  const { raw, withinMillis } = provider
  const before = yield* provider.calls
  const answer = yield* peer.ask("Create", payload, { withinMillis })
  const first = yield* progressOf("Create that the provider refuses", answer)
  const { progress } = yield* watchToEnd({ peer, operationId: payload.operationId, first, withinMillis })
  yield* raw.keep(progress)
  const after = yield* provider.calls
  return { progress, calls: after?.slice(before?.length ?? 0) }
})

/** How it ended, which must be a failure. */
export const expectFailed = ({ progress }: FailedCreate): Effect.Effect<Failed, Finding> => {
  const last = progress.at(-1)
  return last?.status === "Failed"
    ? Effect.succeed(last)
    : Effect.fail(
        mismatch("Failed at the end", last !== undefined && isFinished(last) ? describeFinished(last) : "no end"),
      )
}

export const expectRecoverable = (end: Failed): Effect.Effect<void, Finding> =>
  isRecoverable(end.failure.code)
    ? Effect.void
    : Effect.fail(mismatch("Failed with the recoverable code of the last try", describeFinished(end)))

/** Whether the operation was sent so often, by what it reports and by what has arrived. */
export const expectSent = (
  { calls, progress }: FailedCreate,
  times: number,
  why: string,
): Effect.Effect<void, Finding> => {
  const attempts = progress.at(-1)?.attempts
  if (attempts !== times) return Effect.fail(mismatch(`${times} in \`attempts\` of the end, ${why}`, `${attempts}`))
  const arrived = calls?.filter(({ kind }) => kind === "create").length
  return arrived === undefined || arrived === times
    ? Effect.void
    : Effect.fail(mismatch(`${times} creates at the provider, ${why}`, `${arrived}`))
}
