import { type CheckId, checkIds, typeCheckIds } from "./CheckId.ts"

/** The checks from whose results others go on. */
const needs: Partial<Readonly<Record<CheckId, ReadonlyArray<CheckId>>>> = {
  // Some calls have to have been made, and some ended.
  "frames.oneExit": ["frames.concurrent", "frames.interrupt"],
  // It leaves resources, without which a page is the only one.
  "type.listPages": ["type.killed"],
  "type.updateAnswer": ["type.update"],
  "type.dropped": ["type.update"],
  "type.createOnly": ["type.update"],
  "type.createOnlyUpdate": ["type.update"],
  "type.notFound": ["type.delete"],
  "type.deleteAgain": ["type.delete"],
}

/** Without these, nothing is known of the rest. */
const always: ReadonlyArray<CheckId> = ["run.started", "run.tested", "run.completed", "handshake.answer"]

/** The checks to run for the ones that are wanted: all of them, if none are named. */
export const neededChecks = (wanted: ReadonlyArray<CheckId> | undefined): ReadonlySet<CheckId> => {
  if (wanted === undefined) return new Set(checkIds)
  const isType = (id: CheckId) => typeCheckIds.some((one) => one === id)
  const created: ReadonlyArray<CheckId> = wanted.some(isType) ? ["type.create"] : []
  return new Set([...always, ...created, ...wanted, ...wanted.flatMap((id) => needs[id] ?? [])])
}
