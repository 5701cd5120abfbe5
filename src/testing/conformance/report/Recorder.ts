/** Runs checks one by one and keeps what came of each. Secrets that the run knows are taken out of what is kept. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CheckDescription } from "./CheckDescription.ts"
import { type CheckId, type PluginCheckId, pluginCheckIds, type TypeCheckId, typeCheckIds } from "./CheckId.ts"
import { type Finding, mismatch, skip } from "./Finding.ts"
import type { CheckResult } from "./Report.ts"

/** What a check that passed has to say besides. */
export interface Note {
  readonly note: string
}

/** Told of each check when it has ended. */
export type CheckObserver = (result: CheckResult) => Effect.Effect<void>

export interface Recorder {
  /** The value of what was looked at, or undefined where it is not as it is to be: then that is in the report. */
  readonly plugin: <A, R>(
    id: PluginCheckId,
    look: Effect.Effect<A, Finding, R>,
  ) => Effect.Effect<A | undefined, never, R>
  readonly type: <A, R>(
    type: string,
    id: TypeCheckId,
    look: Effect.Effect<A, Finding, R>,
  ) => Effect.Effect<A | undefined, never, R>
  /** What must not be in a report. */
  readonly addSecret: (value: string) => void
  /** In the order of the catalog of checks: of the plugin, then of each type. What did not come up was skipped. */
  readonly results: (types: ReadonlyArray<string>) => ReadonlyArray<CheckResult>
}

const hasNote = (value: unknown): value is Note =>
  typeof value === "object" && value !== null && "note" in value && typeof value.note === "string"

export const makeRecorder = (
  descriptions: Readonly<Record<CheckId, CheckDescription>>,
  observe: CheckObserver,
): Recorder => {
  const done: Array<CheckResult> = []
  const secrets = new Set<string>()

  const redact = (text: string): string =>
    [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text)

  const resultOf = (id: CheckId, type: string | null, durationMillis: number, end: Finding | Note | undefined) => {
    const { remedy, section, title } = descriptions[id]
    const about = { id, type, title, section, durationMillis }
    if (end === undefined) return { ...about, status: "passed" } satisfies CheckResult
    if ("note" in end) return { ...about, status: "passed", note: redact(end.note) } satisfies CheckResult
    return end.status === "skipped"
      ? ({ ...about, status: "skipped", note: redact(end.seen) } satisfies CheckResult)
      : ({
          ...about,
          status: end.status,
          expected: redact(end.expected),
          seen: redact(end.seen),
          remedy,
        } satisfies CheckResult)
  }

  const look = Effect.fnUntraced(function* <A, R>(
    id: CheckId,
    type: string | null,
    work: Effect.Effect<A, Finding, R>,
  ): Effect.fn.Return<A | undefined, never, R> {
    const begun = yield* Clock.currentTimeMillis
    const end = yield* work.pipe(
      // A mistake in the kit, or an answer that nobody thought of: it is the check that says so, and the run goes on.
      Effect.catchDefect((defect) =>
        Effect.fail(mismatch(descriptions[id].title, `the check ended with ${String(defect)}`)),
      ),
      Effect.result,
    )
    const duration = Math.round((yield* Clock.currentTimeMillis) - begun)
    const result =
      end._tag === "Failure"
        ? resultOf(id, type, duration, end.failure)
        : resultOf(id, type, duration, hasNote(end.success) ? end.success : undefined)
    done.push(result)
    yield* observe(result)
    return end._tag === "Success" ? end.success : undefined
  })

  const inOrder = (ids: ReadonlyArray<CheckId>, type: string | null): ReadonlyArray<CheckResult> =>
    ids.map(
      (id) =>
        done.find((result) => result.id === id && result.type === type) ??
        resultOf(id, type, 0, skip("what it needs did not come about")),
    )

  return {
    plugin: (id, work) => look(id, null, work),
    type: (type, id, work) => look(id, type, work),
    addSecret: (value) => void secrets.add(value),
    results: (types) => [...inOrder(pluginCheckIds, null), ...types.flatMap((type) => inOrder(typeCheckIds, type))],
  }
}
