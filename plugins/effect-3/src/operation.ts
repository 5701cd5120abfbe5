/**
 * An operation, from its first call to its end (PROTOCOL.md, section 6). It is a
 * value that steps from one progress to the next, so that it can wait between
 * two steps for its Watch.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { Answer, ResourceType, Subject } from "./provider.ts"
import { type Finished, type Progress, isRecoverable, ProviderError, type Settings } from "./protocol.ts"

export interface Operation {
  readonly tag: "Create" | "Read" | "Update" | "Delete" | "Status"
  readonly type: ResourceType
  readonly subject: Subject
  readonly call: Effect.Effect<Answer, ProviderError>
  /** Those that it began with: Configure changes the settings of later operations only. */
  readonly settings: Settings
  readonly attempts: number
  readonly retries: number
  readonly polls: number
  readonly waitMillis: number
  /** Whether the last call failed, so that an answer is news. */
  readonly hasFailed: boolean
  /** Set once the provider has accepted the work. */
  readonly accepted?: { readonly requestId: string; readonly nativeId: string }
}

export const begin = (operation: Pick<Operation, "tag" | "type" | "subject" | "call" | "settings">): Operation => ({
  ...operation,
  attempts: operation.tag === "Status" ? 0 : 1,
  retries: 0,
  polls: 0,
  waitMillis: 0,
  hasFailed: false,
})

/** A call that changes nothing, made again after a failure that may pass. */
export const ask = <A>(call: Effect.Effect<A, ProviderError>, settings: Settings): Effect.Effect<A, ProviderError> => {
  const attempt = (retries: number): Effect.Effect<A, ProviderError> =>
    Effect.catchAll(withTimeLimit(call, settings), (error) =>
      isRecoverable(error.code) && retries < settings.retry.maxRetries
        ? Effect.flatMap(backoff(settings, retries), (millis) => Effect.delay(attempt(retries + 1), millis))
        : Effect.fail(error),
    )
  return attempt(0)
}

/** A call of the provider with a time limit. A defect in it fails this one operation. */
export const withTimeLimit = <A>(call: Effect.Effect<A, ProviderError>, settings: Settings) =>
  call.pipe(
    Effect.timeoutFail({
      duration: settings.callTimeoutMillis,
      onTimeout: () => new ProviderError({ code: "ServiceTimeout", message: "The board did not answer in time" }),
    }),
    Effect.catchAllDefect((defect) => new ProviderError({ code: "UnforeseenError", message: String(defect) })),
  )

const backoff = ({ retry }: Settings, retries: number) =>
  Effect.map(
    Random.nextRange(0.8, 1.2),
    (jitter) => Math.min(retry.baseMillis * 2 ** retries, retry.capMillis) * jitter,
  )

const pollDelay = ({ poll }: Settings, polls: number) =>
  Math.min(poll.baseMillis * poll.factor ** polls, poll.capMillis)

type Step = readonly [Progress, Option.Option<Operation>]

const end = (progress: Finished): Step => [progress, Option.none()]

/** Runs the operation until there is something to report. Returns it, and what is left to do after it. */
export const step = (operation: Operation): Effect.Effect<Step> =>
  Effect.gen(function* () {
    const { settings } = operation
    yield* Effect.sleep(Duration.millis(operation.waitMillis))
    const answer = yield* Effect.either(withTimeLimit(operation.call, settings))
    return answer._tag === "Left"
      ? yield* afterFailure(operation, answer.left)
      : yield* afterAnswer(operation, answer.right)
  })

const afterFailure = (operation: Operation, error: ProviderError): Effect.Effect<Step> =>
  Effect.gen(function* () {
    const { accepted, attempts, retries, settings, subject, tag } = operation
    const failure = { code: error.code, message: error.message }
    if (tag === "Delete" && error.code === "NotFound") {
      return end({ status: "Succeeded", attempts, nativeId: subject.nativeId ?? "", properties: {} })
    }
    const isEnd = tag === "Read" && error.code === "NotFound"
    if (isEnd || !isRecoverable(error.code) || retries >= settings.retry.maxRetries) {
      const known = accepted === undefined ? {} : { nativeId: accepted.nativeId }
      return end({ status: "Failed", attempts, failure, ...known })
    }
    const waitMillis = yield* backoff(settings, retries)
    // Once the work is accepted, only the status call is repeated, which is not an attempt.
    const attempt = accepted === undefined && tag !== "Status" ? 1 : 0
    const next = { ...operation, retries: retries + 1, attempts: attempts + attempt, waitMillis, hasFailed: true }
    // A read has one answer, so it reports nothing before its end.
    return tag === "Read"
      ? yield* step(next)
      : ([{ status: "InProgress", attempts, failure, ...accepted }, Option.some(next)] satisfies Step)
  })

const afterAnswer = (operation: Operation, answer: Answer): Effect.Effect<Step> => {
  const { accepted, attempts, hasFailed, polls, settings, subject, type } = operation
  if (answer._tag === "Done") {
    const { nativeId, properties } = answer
    return Effect.succeed(end({ status: "Succeeded", attempts, nativeId, properties }))
  }
  const { nativeId, requestId } = answer
  const call = type.status({ ...subject, requestId })
  const waitMillis = pollDelay(settings, polls)
  const work = { call, accepted: { nativeId, requestId } }
  // A poll that was answered ends a row of failed ones.
  const next = { ...operation, ...work, polls: polls + 1, retries: 0, waitMillis, hasFailed: false }
  const isNews = hasFailed || accepted?.requestId !== requestId || accepted.nativeId !== nativeId
  return isNews
    ? Effect.succeed([{ status: "InProgress", attempts, requestId, nativeId }, Option.some(next)])
    : step(next)
}
