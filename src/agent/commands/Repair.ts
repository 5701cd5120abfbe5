/** Sets back what has drifted in resources with `drift: repair`, by commands of their own. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { StopRequests } from "../operations/StopRequests.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import { askedByRepair, CurrentAsked } from "../records/Asked.ts"
import type { Forma } from "../forma/Forma.ts"
import { type CommandError, commandErrorOf } from "./CommandError.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import type { CommandRefused } from "./CommandRefused.ts"
import type { CommandResult } from "./CommandResult.ts"
import { Note } from "./Note.ts"
import { makeRepairRun } from "./RepairRun.ts"
import { takesMore } from "./ResumeBlockers.ts"
import type { ResumeOptions } from "./Resumption.ts"

type Apply = (forma: Forma, options: CommandOptions) => Effect.Effect<CommandResult, CommandRefused>

/** The labels of a forma that a repair may set back: nothing is replaced, because that loses what is in it. */
export const repairable = (found: ReadonlyArray<ResourceResult>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const labels = new Map<string, Array<string>>()
  for (const { drift, forma, label, operation } of found) {
    if (drift?.policy !== "repair" || operation === "replace" || forma === undefined) continue
    labels.set(forma, [...(labels.get(forma) ?? []), label])
  }
  return labels
}

/**
 * Whether a plan does no more than a repair may: it updates the places that have
 * drifted, and creates what is gone. The document that was applied last may want
 * more, where its apply has failed.
 */
export const isRepair = (
  resources: ReadonlyArray<ResourceResult>,
  labels: ReadonlyArray<string>,
  found: ReadonlyArray<ResourceResult>,
): boolean =>
  resources.every(
    ({ changedCare, changes = [], deletedOutside, label, movedFrom, operation, status }) =>
      (operation === "noop" && movedFrom === undefined && changedCare === undefined) ||
      status === "failed" ||
      (labels.includes(label) &&
        ((operation === "update" && changes.every(({ path }) => isWithin(path, placesOf(found, label)))) ||
          (operation === "create" && deletedOutside === true))),
  )

const placesOf = (found: ReadonlyArray<ResourceResult>, of: string): ReadonlyArray<string> =>
  found.flatMap(({ drift, label }) => (label === of ? (drift?.places ?? []) : [])).map(({ path }) => path)

const isWithin = (pointer: string, places: ReadonlyArray<string>): boolean =>
  places.some((place) => pointer === place || pointer.startsWith(`${place}/`))

export const makeRepair = (apply: Apply, resume: (options: ResumeOptions) => ReturnType<Apply>) =>
  Effect.gen(function* () {
    const commands = yield* CommandJournal
    const run = yield* makeRepairRun
    const scope = yield* Effect.scope
    const stops = yield* StopRequests

    const cannot = (forma: string, labels: ReadonlyArray<string>, error: CommandError): Note =>
      Note.cases.NotRepaired.make({ forma, labels, error })

    const repairOne = Effect.fnUntraced(function* (
      forma: string,
      labels: ReadonlyArray<string>,
      found: ReadonlyArray<ResourceResult>,
    ) {
      const { commands: unfinished } = yield* commands.unfinished
      // Also where it is another repair, which the next sync goes on with.
      if (unfinished.some((one) => one.forma === forma)) {
        return cannot(forma, labels, { code: "CommandUnfinished", message: "a command on the document is unfinished" })
      }
      const document = yield* commands.repairDocument(forma)
      if (document === undefined) {
        const message = "no whole document that says so was applied last"
        return cannot(forma, labels, { code: "NoDocument", message })
      }
      const result = yield* run(forma, (options) =>
        apply(
          { ...document, name: forma },
          {
            ...options,
            only: labels,
            confirm: ({ resources }) => Effect.succeed(isRepair(resources, labels, found)),
          },
        ),
      )
      return noteOf(forma, labels, result)
    })

    const noteOf = (forma: string, labels: ReadonlyArray<string>, result: CommandResult): Note => {
      const failed = result.resources.find(({ error }) => error !== null)
      if (failed !== undefined && failed.error !== null) {
        return cannot(forma, [failed.label], { code: failed.error.code, message: failed.error.message })
      }
      return Note.cases.Repaired.make({ forma, labels })
    }

    /**
     * Ends what earlier repairs have begun: until then no sync reads those
     * resources, so their drift would be hidden for good.
     */
    const continueEarlier = Effect.fnUntraced(function* (only: string | undefined) {
      const { commands: unfinished } = yield* commands.unfinished
      const earlier = yield* Effect.filter(unfinished, ({ askedBy, commandId, forma }) =>
        askedBy !== askedByRepair || (only !== undefined && only !== forma)
          ? Effect.succeed(false)
          : Effect.map(stops.isRegistered(commandId), (isHere) => !isHere),
      )
      return yield* Effect.forEach(earlier, ({ commandId, forma, only: labels }) =>
        run(forma, (options) => resume({ ...options, commandId, forma })).pipe(
          Effect.map((result) => noteOf(forma, labels ?? [], result)),
          Effect.catch((error) => Effect.succeed(cannot(forma, labels ?? [], commandErrorOf(error)))),
        ),
      )
    })

    /** A forma that cannot be repaired now does not keep the others from it. */
    const repairAll = (found: ReadonlyArray<ResourceResult>) =>
      Effect.forEach(repairable(found), ([forma, labels]) =>
        Effect.scoped(
          repairOne(
            forma,
            labels,
            found.filter((one) => one.forma === forma),
          ),
        ).pipe(
          Effect.catch((error) =>
            Effect.succeed(cannot(forma, labels, error._tag === "NotConfirmed" ? takesMore : commandErrorOf(error))),
          ),
        ),
      )

    /** `forma` is the one that the sync was about. It goes on when the caller of the sync is gone. */
    return Effect.fn("Agent.repair")(function* (found: ReadonlyArray<ResourceResult>, forma?: string) {
      const earlier = Effect.orElseSucceed(continueEarlier(forma), (): ReadonlyArray<Note> => [])
      const repaired = Effect.zipWith(earlier, repairAll(found), (one, other) => [...one, ...other]).pipe(
        Effect.provideService(CurrentAsked, { by: askedByRepair }),
      )
      return yield* Effect.flatMap(Effect.forkIn(repaired, scope), (running) => Fiber.join(running))
    })
  })
