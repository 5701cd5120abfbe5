/** An update in place, and a change that needs a new resource. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { ownValue } from "../../../../protocol/ownValue.ts"
import { describeFinished, expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip, warning } from "../../report/Finding.ts"
import { droppedCheck, type Latest } from "./droppedCheck.ts"
import { expectNoChange } from "./expectNoChange.ts"
import { isReadable } from "./isReadable.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const updateDescriptions = {
  "type.update": {
    section: sections.calls,
    title: "updates it in place, under the same native id",
    remedy:
      "Change what the patch changes, keep the native id, and return the new properties from Update and from Read.",
  },
  "type.updateAnswer": {
    section: sections.calls,
    title: "answers an update with the new values",
    remedy: "Return from Update the properties that the provider has after it.",
  },
  "type.createOnly": {
    section: sections.handshake,
    title: "declares what can only be set at create",
    remedy: "Set `createOnly` in the traits of each property that needs a new resource when it changes.",
  },
  "type.createOnlyUpdate": {
    section: sections.calls,
    title: "refuses an update of what can only be set at create",
    remedy: "Answer Failed with NotUpdatable; the agent does not ask for it, because it replaces the resource.",
  },
} as const satisfies Descriptions<TypeCheckId>

export const updateChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  { nativeId, properties }: Succeeded,
): Effect.fn.Return<void> {
  const { record, specimen, subject } = test
  const first = { nativeId, wanted: specimen.properties, actual: properties }
  const updated = yield* record.type(subject.type, "type.update", update(test, nativeId))
  const latest = updated ?? first
  yield* record.type(subject.type, "type.updateAnswer", updateAnswer(test, updated))
  yield* record.type(subject.type, "type.createOnly", createOnly(test, latest))
  yield* record.type(subject.type, "type.createOnlyUpdate", createOnlyUpdate(test, latest))
  yield* droppedCheck(test, latest)
})

const update = Effect.fnUntraced(function* (
  { calls, specimen: { properties: wanted, updated } }: ResourceTest,
  nativeId: NativeId,
) {
  if (updated === undefined) return yield* skip("its sample has no `update`")
  const before = yield* expectSuccess("Read", calls.read(nativeId))
  const planned = yield* calls.compare({ desired: updated, prior: wanted, actual: before.properties })
  if (planned._tag !== "Update") return yield* mismatch("a plan to update it", `a plan that says ${planned._tag}`)
  const end = yield* expectSuccess("Update", calls.update(nativeId, before.properties, wanted, updated))
  if (end.nativeId !== nativeId) return yield* mismatch(`the native id ${nativeId}`, end.nativeId)
  const after = yield* expectSuccess("Read", calls.read(nativeId))
  yield* expectNoChange(updated, after.properties, calls)
  return { nativeId, wanted: updated, actual: after.properties, answered: end.properties }
})

const updateAnswer = Effect.fnUntraced(function* (
  { calls }: ResourceTest,
  updated: (Latest & { readonly answered: Properties }) | undefined,
) {
  if (updated === undefined) return yield* skip("there was no update")
  yield* expectNoChange(updated.wanted, updated.answered, calls)
})

const createOnly = Effect.fnUntraced(function* (
  { calls, specimen: { replaced } }: ResourceTest,
  { actual, wanted }: Latest,
) {
  if (replaced === undefined) return yield* skip("its sample has no `createOnly`")
  const difference = yield* calls.compare({ desired: replaced, prior: wanted, actual })
  if (difference._tag !== "Replace") {
    return yield* mismatch("a plan to replace it", `a plan to ${difference._tag.toLowerCase()} it`)
  }
  return { note: `replaced for ${difference.changed.join(", ")}` }
})

const createOnlyUpdate = Effect.fnUntraced(function* (
  { calls, specimen: { replaced }, subject: { capabilities } }: ResourceTest,
  { actual, nativeId, wanted }: Latest,
) {
  if (replaced === undefined) return yield* skip("its sample has no `createOnly`")
  const fixed = Object.keys(replaced).filter((name) => ownValue(capabilities.properties, name)?.createOnly)
  const changed = fixed.filter((name) => !Equal.equals(replaced[name], ownValue(wanted, name)))
  if (!changed.some((name) => isReadable(ownValue(capabilities.properties, name)))) {
    return yield* skip("the plugin is not told what was there before, because that cannot be read")
  }
  const end = yield* calls.update(nativeId, actual, wanted, replaced)
  if (end.status !== "Failed" || end.failure.code !== "NotUpdatable") {
    return yield* warning("Failed with NotUpdatable", describeFinished(end))
  }
})
