/** What a plugin does when its provider fails. Needs a sample that says what makes it fail. */
import * as Effect from "effect/Effect"
import { describeAnswer } from "../../peer/Answer.ts"
import { failuresIn } from "../../peer/RawOperation.ts"
import { interruptOf } from "../../peer/RawPeer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { show } from "../../report/show.ts"
import {
  expectFailed,
  expectRecoverable,
  expectSent,
  failCreate,
  failingPayload,
  type FailingProvider,
  failingSettings,
  hastySettings,
} from "./FailingProvider.ts"

export const failureDescriptions = {
  "type.retries": {
    section: sections.duties,
    title: "retries what may pass as often as the settings say, and reports each failure",
    remedy: "Make a call that failed with a recoverable code again `retry.maxRetries` times, and report each failure.",
  },
  "type.backoff": {
    section: sections.duties,
    title: "waits longer before each retry, up to the cap",
    remedy: "Before retry n, wait min(baseMillis × 2^(n-1), capMillis) ms, more or less by a fifth.",
  },
  "type.terminal": {
    section: sections.duties,
    title: "reports a refusal that does not pass, and does not retry it",
    remedy: "Answer Failed with the code after the first try. A refusal of the provider is no error of the call.",
  },
  "type.onlyOnce": {
    section: sections.duties,
    title: "sends a create once if nothing makes a second one harmless",
    remedy: "With the idempotency none, fail the create after a failure that leaves open whether it was done.",
  },
  "type.callTimeout": {
    section: sections.duties,
    title: "gives up a call that the provider does not answer",
    remedy: "End each call of the provider after `callTimeoutMillis` with the failure ServiceTimeout.",
  },
  "type.configured": {
    section: sections.calls,
    title: "obeys Configure",
    remedy: "Use the settings of Configure for every call that comes after its answer.",
  },
  "type.failedPolls": {
    section: sections.duties,
    title: "never sends an operation again because a poll failed",
    remedy: "Repeat the poll alone, with the delays of `retry`, and fail the operation when its retries are used up.",
  },
  "type.canceled": {
    section: sections.calls,
    title: "makes no call for an operation whose Watch was interrupted",
    remedy: "On Interrupt of a Watch, end the operation: no further try, and no poll.",
  },
} as const satisfies Descriptions<TypeCheckId>

export const failureChecks = Effect.fnUntraced(function* (
  record: Recorder,
  provider: FailingProvider,
): Effect.fn.Return<void> {
  const { type } = provider.subject
  const refused = yield* Effect.cached(failOnce(provider, "recoverable"))
  yield* record.type(type, "type.retries", Effect.flatMap(refused, retries))
  yield* record.type(type, "type.backoff", Effect.flatMap(refused, backoff))
  yield* record.type(type, "type.terminal", terminal(provider))
  yield* record.type(type, "type.onlyOnce", onlyOnce(provider))
  yield* record.type(type, "type.callTimeout", callTimeout(provider))
  yield* record.type(type, "type.failedPolls", failedPolls(provider))
  yield* record.type(type, "type.canceled", canceled(provider))
  // The last one, because it changes the settings.
  yield* record.type(type, "type.configured", configured(provider))
})

const failOnce = Effect.fnUntraced(function* (provider: FailingProvider, kind: Parameters<typeof failingPayload>[1]) {
  const payload = yield* failingPayload(provider, kind)
  return yield* failCreate(provider, yield* provider.peer, payload)
})

type Failing = Effect.Success<ReturnType<typeof failOnce>>

const { baseMillis, capMillis, maxRetries } = failingSettings.retry

const retries = Effect.fnUntraced(function* (create: Failing) {
  yield* Effect.flatMap(expectFailed(create), expectRecoverable)
  yield* expectSent(create, maxRetries + 1, `with ${maxRetries} retries`)
  const failures = failuresIn(create.progress).map(({ attempts }) => attempts)
  // The last failure may be reported like the others, before it is the end.
  const reported = failures.at(-1) === maxRetries + 1 ? failures.slice(0, -1) : failures
  const due = Array.from({ length: maxRetries }, (_, index) => index + 1)
  if (show(reported) !== show(due)) {
    return yield* mismatch(`InProgress with the failure of each try, with the attempts ${show(due)}`, show(reported))
  }
})

/** Of what is due. The shortest that the jitter allows is 0.8, and clocks are not that exact. */
const least = 0.75

const backoff = Effect.fnUntraced(function* ({ calls }: Failing) {
  if (calls === undefined) return yield* skip("its sample has no log of the calls of the provider")
  const times = calls.filter(({ kind }) => kind === "create").map(({ at }) => at)
  if (times.length < 2) return yield* skip("there were no retries")
  const waits = times.slice(1).map((at, index) => at - (times[index] ?? at))
  for (const [index, waited] of waits.entries()) {
    const due = Math.min(baseMillis * 2 ** index, capMillis)
    // A busy machine makes every wait longer, and none shorter.
    if (waited < due * least) return yield* mismatch(`${due} ms before retry ${index + 1}`, `${waited} ms`)
  }
  return { note: `${waits.join(", ")} ms` }
})

const terminal = Effect.fnUntraced(function* (provider: FailingProvider) {
  const create = yield* failOnce(provider, "terminal")
  yield* expectFailed(create)
  yield* expectSent(create, 1, "because it does not pass")
})

const onlyOnce = Effect.fnUntraced(function* (provider: FailingProvider) {
  if (provider.subject.capabilities.idempotency !== "none") return yield* skip("its create may be sent twice")
  const create = yield* failOnce(provider, "ambiguous")
  yield* expectFailed(create)
  yield* expectSent(create, 1, "because it may have been done")
})

const callTimeout = Effect.fnUntraced(function* (provider: FailingProvider) {
  const payload = yield* failingPayload(provider, "silent")
  const create = yield* failCreate(provider, yield* provider.hasty, payload)
  const { failure } = yield* expectFailed(create)
  if (failure.code !== "ServiceTimeout") {
    const limit = `${hastySettings.callTimeoutMillis} ms`
    return yield* mismatch(`Failed with ServiceTimeout after ${limit}`, `${failure.code}: ${failure.message}`)
  }
})

const failedPolls = Effect.fnUntraced(function* (provider: FailingProvider) {
  const create = yield* failOnce(provider, "failedPolls")
  yield* expectSent(create, 1, "because only the poll is repeated")
  yield* Effect.flatMap(expectFailed(create), expectRecoverable)
  const arrived = create.calls?.filter(({ kind }) => kind === "status").length
  if (arrived !== undefined && arrived !== maxRetries + 1) {
    return yield* mismatch(`${maxRetries + 1} polls, with ${maxRetries} retries`, `${arrived}`)
  }
})

const canceled = Effect.fnUntraced(function* (provider: FailingProvider) {
  const payload = yield* failingPayload(provider, "recoverable")
  if ((yield* provider.calls) === undefined) return yield* skip("its sample has no log of the calls of the provider")
  const peer = yield* provider.peer
  const answer = yield* peer.ask("Create", payload)
  const watch = peer.call("Watch", { operationId: payload.operationId })
  yield* peer.write(watch.frame + interruptOf(watch.id))
  const watched = yield* watch.answer
  if (watched._tag !== "Interrupted") {
    return yield* mismatch("an Exit of the Watch whose cause is Interrupt", describeAnswer(watched))
  }
  const before = (yield* provider.calls)?.length ?? 0
  // As long as the delays of the operation that was canceled would have been.
  const other = yield* failOnce(provider, "recoverable")
  const more = ((yield* provider.calls)?.length ?? 0) - before - (other.calls?.length ?? 0)
  const started = other.calls === undefined ? 0 : other.calls.length - (maxRetries + 1)
  if (more + started > 0) {
    return yield* mismatch("no call after the Interrupt", `${more + started} after ${describeAnswer(answer)}`)
  }
})

const configured = Effect.fnUntraced(function* (provider: FailingProvider) {
  const payload = yield* failingPayload(provider, "recoverable")
  const peer = yield* provider.peer
  const settings = { ...failingSettings, retry: { ...failingSettings.retry, maxRetries: maxRetries - 1 } }
  const answer = yield* peer.ask("Configure", settings)
  if (answer._tag !== "Value") return yield* mismatch("a Success", describeAnswer(answer))
  const create = yield* failCreate(provider, peer, payload)
  yield* expectFailed(create)
  yield* expectSent(create, maxRetries, `with ${maxRetries - 1} retries after Configure`)
})
