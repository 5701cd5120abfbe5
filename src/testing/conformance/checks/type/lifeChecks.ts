import * as Effect from "effect/Effect"
import { createChecks } from "./createChecks.ts"
import { deleteChecks } from "./deleteChecks.ts"
import { identifyBeforeCreate, identifyChecks } from "./identifyChecks.ts"
import { listChecks } from "./listChecks.ts"
import { outOfBandCheck } from "./outOfBandCheck.ts"
import { readChecks } from "./readChecks.ts"
import { notStartedCheck, recoverChecks } from "./recoverChecks.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { updateChecks } from "./updateChecks.ts"

/** The life of one resource: created, read, recovered, listed, updated, deleted. */
export const lifeChecks = Effect.fnUntraced(function* (test: ResourceTest): Effect.fn.Return<void> {
  yield* notStartedCheck(test)
  const identified = yield* identifyBeforeCreate(test)
  const created = yield* createChecks(test)
  if (created === undefined) return
  yield* readChecks(test, created)
  yield* identifyChecks(test, created, identified)
  yield* recoverChecks(test, created)
  yield* outOfBandCheck(test)
  yield* listChecks(test, created)
  yield* updateChecks(test, created)
  yield* deleteChecks(test, created)
})
