import * as Effect from "effect/Effect"
import { createChecks } from "./createChecks.ts"
import { deleteChecks } from "./deleteChecks.ts"
import { identifyBeforeCreate, identifyChecks } from "./identifyChecks.ts"
import { listChecks } from "./listChecks.ts"
import { outOfBandCheck } from "./outOfBandCheck.ts"
import { readChecks } from "./readChecks.ts"
import { notStartedCheck, recoverChecks } from "./recoverChecks.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import type { RawCreates } from "./RawCreates.ts"
import { sentAgainChecks } from "./sentAgainChecks.ts"
import { updateChecks } from "./updateChecks.ts"
import { watchChecks } from "./watchChecks.ts"
import { workGoneCheck } from "./workGoneCheck.ts"

/** The life of one resource: created, read, recovered, listed, updated, deleted. */
export const lifeChecks = Effect.fnUntraced(function* (test: ResourceTest, raw: RawCreates): Effect.fn.Return<void> {
  yield* notStartedCheck(test)
  const identified = yield* identifyBeforeCreate(test)
  const created = yield* createChecks(test)
  if (created === undefined) return
  yield* readChecks(test, created)
  yield* identifyChecks(test, created, identified)
  yield* recoverChecks(test, created)
  yield* outOfBandCheck(test)
  yield* watchChecks(test, raw)
  yield* sentAgainChecks(test, raw)
  yield* workGoneCheck(test, raw)
  yield* listChecks(test, created)
  yield* updateChecks(test, created)
  yield* deleteChecks(test, created)
})
