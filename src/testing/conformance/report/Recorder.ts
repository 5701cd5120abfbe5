import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { defectText } from "../../../transport/AnswerShape.ts"
import type { CheckDescription } from "./CheckDescription.ts"
import { type CheckId, type PluginCheckId, pluginCheckIds, type TypeCheckId, typeCheckIds } from "./CheckId.ts"
import { type Finding, mismatch, skip } from "./Finding.ts"
import type { CheckResult } from "./Report.ts"

/** What a check that passed adds to its line in the report. */
export interface Note {
  readonly note: string
}

/** Gets the result of each check when it ends. The run waits for it. */
export type CheckObserver = (result: CheckResult) => Effect.Effect<void>

/** Runs checks and keeps their results. Secrets that the run knows are taken out of what is kept. */
export interface Recorder {
  /** The value that was looked for, or undefined if the check did not pass: the report says why. */
  readonly plugin: <A, R>(
    id: PluginCheckId,
    look: Effect.Effect<A, Finding, R>,
    /** In place of the bound of each check, in milliseconds. */
    withinMillis?: number,
  ) => Effect.Effect<A | undefined, never, R>
  readonly type: <A, R>(
    type: string,
    id: TypeCheckId,
    look: Effect.Effect<A, Finding, R>,
  ) => Effect.Effect<A | undefined, never, R>
  /** Whether any of these is to be run. */
  readonly wants: (...ids: ReadonlyArray<CheckId>) => boolean
  /** A text that must not be in a report. */
  readonly addSecret: (value: string) => void
  /** The checks of the plugin, then those of each type, in the order of their ids. One that did not run counts as skipped. */
  readonly results: (types: ReadonlyArray<string>) => ReadonlyArray<CheckResult>
}

const hasNote = (value: unknown): value is Note =>
  typeof value === "object" && value !== null && "note" in value && typeof value.note === "string"

export interface RecorderOptions {
  readonly descriptions: Readonly<Record<CheckId, CheckDescription>>
  readonly observe: CheckObserver
  /** How long one check may take, in milliseconds. */
  readonly checkMillis: number
  /** The checks to run; the others are left out of the results. */
  readonly checks: ReadonlySet<CheckId>
}

export const makeRecorder = ({ checkMillis, checks, descriptions, observe }: RecorderOptions): Recorder => {
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
    withinMillis: number = checkMillis,
  ): Effect.fn.Return<A | undefined, never, R> {
    if (!checks.has(id)) return undefined
    const begun = yield* Clock.currentTimeMillis
    const end = yield* work.pipe(
      // A mistake in the kit, or an answer that the kit did not foresee: the check fails, and the run continues.
      Effect.catchDefect((defect) =>
        Effect.fail(mismatch(descriptions[id].title, `the check ended with ${defectText(defect)}`)),
      ),
      Effect.timeoutOrElse({
        duration: Duration.millis(withinMillis),
        orElse: () => Effect.fail(mismatch(`an answer to the whole check within ${withinMillis} ms`, "none")),
      }),
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
    ids
      .filter((id) => checks.has(id))
      .map(
        (id) =>
          done.find((result) => result.id === id && result.type === type) ??
          resultOf(id, type, 0, skip("what it needs was not there")),
      )

  return {
    plugin: (id, work, withinMillis) => look(id, null, work, withinMillis),
    type: (type, id, work) => look(id, type, work),
    wants: (...ids) => ids.some((id) => checks.has(id)),
    addSecret: (value) => void secrets.add(value),
    results: (types) => [...inOrder(pluginCheckIds, null), ...types.flatMap((type) => inOrder(typeCheckIds, type))],
  }
}
