/** Looks for what was changed elsewhere in what a plan deletes, where that has to be asked. */
import * as Effect from "effect/Effect"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { givesWay } from "./AskedDrift.ts"
import type { ExistingResource, WantedResource } from "./Change.ts"
import { makeDriftRead } from "./DriftRead.ts"
import { deletionOf } from "./Plan.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"
import { reachOf } from "./ResourceLocation.ts"

const maxConcurrent = 32

/** Whether its deletion has to be asked for. What was replaced was asked for by its replacement. */
const isAskedFor = (one: ExistingResource): boolean =>
  one.row.care?.drift === "ask" &&
  one.unreadable === undefined &&
  deletionOf(one).operation === "delete" &&
  replacedLabelOf(one.row.label) === undefined

export const makeDeletedDrift = Effect.gen(function* () {
  const read = yield* makeDriftRead

  /** Nothing is done to what cannot be read: it may have been changed. */
  const withDrift = (one: ExistingResource, config: ExistingResource["row"]["targetConfig"]) =>
    Effect.match(read(one.row, config), {
      onFailure: (error): ExistingResource => ({
        ...one,
        unreadable: error._tag === "ChangeFailed" ? changeErrorOf(error) : { code: error._tag, message: error.message },
      }),
      onSuccess: (found): ExistingResource => {
        const drifted = found?.drift.map(({ path }) => path) ?? []
        return drifted.length === 0 ? one : { ...one, drifted }
      },
    })

  return {
    /** Those that are no longer wanted. Only those that say `drift: ask` are read. */
    inUnwanted: (existing: ReadonlyArray<ExistingResource>) =>
      Effect.forEach(
        existing,
        (one) => (isAskedFor(one) ? withDrift(one, one.presentConfig ?? one.row.targetConfig) : Effect.succeed(one)),
        { concurrency: maxConcurrent },
      ),
    /** Those that give way to a resource of another type. */
    inReplaced: (existing: ReadonlyArray<ExistingResource>, byLabel: ReadonlyMap<string, WantedResource>) =>
      Effect.forEach(
        existing,
        (one) => {
          const wanted = byLabel.get(one.row.label)
          const isAsked = wanted?.resource.drift === "ask" && one.actual !== undefined && givesWay(one, wanted)
          return isAsked ? withDrift(one, reachOf(one.row, wanted)) : Effect.succeed(one)
        },
        { concurrency: maxConcurrent },
      ),
  }
})
