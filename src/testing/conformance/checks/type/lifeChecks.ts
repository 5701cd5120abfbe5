/** The life of one resource: created, read, recovered, listed, updated, deleted. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { compare } from "../../../../agent/resources/Comparison.ts"
import { checkAgainst } from "../../../../agent/resources/SchemaCheck.ts"
import type { NativeId, OperationId } from "../../../../protocol/Identity.ts"
import { formatIssue } from "../../../../protocol/Issue.ts"
import type { InProgress } from "../../../../protocol/Progress.ts"
import type { Properties, PropertyTraits, TypeCapabilities } from "../../../../protocol/Resource.ts"
import { listChecks } from "./listChecks.ts"
import { type Finding, mismatch, skip, warning } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { Specimen, Subject } from "../../samples/Subject.ts"
import { describeEnd, expectFailure, expectSuccess } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"

/** A resource that exists, and what is known of it. */
interface Present {
  readonly nativeId: NativeId
  readonly properties: Properties
}

const isReadable = (traits: PropertyTraits | undefined): boolean =>
  traits === undefined || !(traits.writeOnly || traits.opaque)

/** Whether there is nothing to do, as the agent's plan decides it. */
const asWanted = (
  wanted: Properties,
  actual: Properties,
  capabilities: TypeCapabilities,
): Effect.Effect<void, Finding> => {
  const difference = compare({ desired: wanted, unknown: new Set(), prior: wanted, actual }, capabilities)
  if (difference._tag === "Same") return Effect.void
  const shown = (from: Properties) =>
    show(Object.fromEntries(difference.changed.map((name) => [name, from[name] ?? null])))
  return Effect.fail(
    mismatch(`no change; ${shown(wanted)}`, `${difference._tag} of ${difference.changed.join(", ")}: ${shown(actual)}`),
  )
}

/** What was given is there as it was given; what is there besides is declared. Answers of create and read agree. */
const readsBack = (wanted: Properties, created: Properties, read: Properties, { properties }: TypeCapabilities) => {
  const undeclared = Object.keys(read).filter((name) => !Object.hasOwn(properties, name))
  if (undeclared.length > 0)
    return Effect.fail(mismatch("properties that the type declares", `${undeclared.join(", ")} besides`))
  const missing = Object.keys(wanted).filter((name) => isReadable(properties[name]) && !Object.hasOwn(read, name))
  if (missing.length > 0) return Effect.fail(mismatch("all that was given", `no ${missing.join(", ")}`))
  const differing = Object.keys(created).filter((name) => {
    const traits = properties[name]
    // Where order says nothing the plan compares; an opaque value need not come back.
    const comparable = isReadable(traits) && traits?.unordered !== true
    return comparable && Object.hasOwn(read, name) && !Equal.equals(created[name], read[name])
  })
  return differing.length === 0
    ? Effect.void
    : Effect.fail(
        mismatch(
          `what Create returned: ${show(Object.fromEntries(differing.map((name) => [name, created[name]])))}`,
          show(Object.fromEntries(differing.map((name) => [name, read[name]]))),
        ),
      )
}

const allowsSample = ({ capabilities, target }: Subject, { properties }: Specimen): Effect.Effect<void, Finding> => {
  const issues = [
    ...checkAgainst(capabilities.schema, properties).map((issue) => `properties: ${formatIssue(issue)}`),
    ...(capabilities.targetSchema === undefined ? [] : checkAgainst(capabilities.targetSchema, target)).map(
      (issue) => `target: ${formatIssue(issue)}`,
    ),
  ]
  return issues.length === 0 ? Effect.void : Effect.fail(mismatch("no objection to the sample", issues.join("; ")))
}

const recoverable = ({ recoverable }: TypeCapabilities): Effect.Effect<void, Finding> =>
  recoverable ? Effect.void : Effect.fail(skip("the type does not say that it is recoverable"))

/** Creates a resource, and looks at the progress on the way. */
const create = Effect.fnUntraced(function* (
  record: Recorder,
  { type }: Subject,
  calls: TypeCalls,
  operationId: OperationId,
  { properties }: Specimen,
): Effect.fn.Return<Present | undefined> {
  const progress: Array<InProgress> = []
  const observe = (one: InProgress) => Effect.sync(() => void progress.push(one))
  const created = yield* record.type(
    type,
    "type.create",
    Effect.flatMap(calls.create(operationId, properties, observe), (end) => expectSuccess("Create", end)),
  )
  const accepted = progress.filter(({ failure }) => failure === undefined)
  yield* record.type(
    type,
    "type.inProgress",
    Effect.gen(function* () {
      if (accepted.length === 0) return yield* skip("its create ends with the answer")
      if (accepted.some(({ requestId }) => requestId === undefined)) {
        return yield* mismatch("a request id in each InProgress of accepted work", show(accepted))
      }
      if (created === undefined) return yield* mismatch("Succeeded at the end of Watch", "see above")
      return undefined
    }),
  )
  return created
})

/** On one launch; `fresh` and `calls` are the same calls, of which `later` are those of a later launch. */
export const lifeChecks = Effect.fnUntraced(function* (
  record: Recorder,
  subject: Subject,
  calls: TypeCalls,
  later: TypeCalls,
  nextOperationId: () => OperationId,
): Effect.fn.Return<void> {
  const { capabilities, type } = subject
  const specimen = subject.specimen()
  const wanted = specimen.properties
  const operationId = nextOperationId()
  const look = record.type

  yield* look(type, "type.schema", allowsSample(subject, specimen))
  yield* look(
    type,
    "type.notStarted",
    Effect.gen(function* () {
      yield* recoverable(capabilities)
      const recovery = yield* calls.recover(operationId, wanted)
      if (recovery.status !== "NotStarted") return yield* mismatch("NotStarted", show(recovery))
    }),
  )
  const created = yield* create(record, subject, calls, operationId, specimen)
  if (created === undefined) return
  const { nativeId } = created

  const read = yield* Effect.result(Effect.flatMap(calls.read(nativeId), (end) => expectSuccess("Read", end)))
  const reading = Effect.map(Effect.fromResult(read), ({ properties }) => properties)
  yield* look(
    type,
    "type.readBack",
    Effect.flatMap(reading, (properties) => readsBack(wanted, created.properties, properties, capabilities)),
  )
  yield* look(
    type,
    "type.noChange",
    Effect.flatMap(reading, (properties) => asWanted(wanted, properties, capabilities)),
  )
  yield* look(
    type,
    "type.writeOnly",
    Effect.gen(function* () {
      const hidden = Object.keys(capabilities.properties).filter((name) => capabilities.properties[name]?.writeOnly)
      if (hidden.length === 0) return yield* skip("it has no write-only property")
      const properties = yield* reading
      const returned = hidden.filter((name) => Object.hasOwn(properties, name))
      return returned.length === 0 ? undefined : yield* mismatch(`no ${hidden.join(", ")}`, `${returned.join(", ")}`)
    }),
  )
  yield* look(
    type,
    "type.recovered",
    Effect.gen(function* () {
      yield* recoverable(capabilities)
      const recovery = yield* calls.recover(operationId, wanted)
      switch (recovery.status) {
        case "NotStarted":
          return yield* mismatch("Done, or InProgress", show(recovery))
        case "Unknown":
          return yield* skip(`it says Unknown: ${recovery.message}`)
        case "Done":
          return recovery.nativeId === nativeId
            ? undefined
            : yield* mismatch(`the native id ${nativeId}`, recovery.nativeId)
        case "InProgress": {
          // What was done may be looked through once more before it is said to be done.
          const end = yield* Effect.flatMap(calls.status(operationId, recovery.requestId, recovery.nativeId), (end) =>
            expectSuccess("Status of what Recover said", end),
          )
          return end.nativeId === nativeId ? undefined : yield* mismatch(`the native id ${nativeId}`, end.nativeId)
        }
      }
    }),
  )
  yield* look(
    type,
    "type.otherOperation",
    Effect.gen(function* () {
      yield* recoverable(capabilities)
      const recovery = yield* calls.recover(nextOperationId(), wanted)
      if (recovery.status !== "NotStarted" && recovery.status !== "Unknown") {
        return yield* mismatch("NotStarted", show(recovery))
      }
    }),
  )
  yield* look(type, "type.repeatedCreate", repeatedCreate(subject, calls, operationId, specimen, created))
  yield* look(type, "type.outOfBand", outOfBand(subject, calls, later, nextOperationId))
  yield* listChecks(record, subject, calls, nativeId)
  const present = yield* update(record, subject, calls, specimen, created)
  yield* look(
    type,
    "type.createOnly",
    Effect.gen(function* () {
      const { replaced } = specimen
      if (replaced === undefined) return yield* skip("its sample has no `createOnly`")
      const difference = compare(
        { desired: replaced, unknown: new Set(), prior: present.wanted, actual: present.actual },
        capabilities,
      )
      if (difference._tag !== "Replace")
        return yield* mismatch("a plan to replace it", `a plan to ${difference._tag.toLowerCase()} it`)
      return { note: `replaced for ${difference.changed.join(", ")}` }
    }),
  )
  yield* look(
    type,
    "type.createOnlyUpdate",
    Effect.gen(function* () {
      const { replaced } = specimen
      if (replaced === undefined) return yield* skip("its sample has no `createOnly`")
      const fixed = Object.keys(replaced).filter((name) => capabilities.properties[name]?.createOnly)
      const changed = fixed.filter((name) => !Equal.equals(replaced[name], present.wanted[name]))
      if (!changed.some((name) => isReadable(capabilities.properties[name]))) {
        return yield* skip("a plugin is not told what was there, where that can not be read")
      }
      const end = yield* calls.update(nativeId, present.actual, present.wanted, replaced)
      if (end.status !== "Failed" || end.failure.code !== "NotUpdatable") {
        return yield* warning("Failed with NotUpdatable", describeEnd(end))
      }
    }),
  )
  const gone = yield* look(
    type,
    "type.delete",
    Effect.asSome(Effect.flatMap(calls.delete(nativeId), (end) => expectSuccess("Delete", end))),
  )
  if (gone === undefined) return
  yield* look(
    type,
    "type.notFound",
    Effect.flatMap(calls.read(nativeId), (end) => expectFailure("NotFound", end)),
  )
  yield* look(
    type,
    "type.deleteAgain",
    Effect.gen(function* () {
      const { properties } = yield* Effect.flatMap(calls.delete(nativeId), (end) => expectSuccess("Delete", end))
      if (Object.keys(properties).length > 0) return yield* mismatch("empty properties", show(Object.keys(properties)))
    }),
  )
})

const repeatedCreate = Effect.fnUntraced(function* (
  { capabilities }: Subject,
  calls: TypeCalls,
  operationId: OperationId,
  { properties: wanted }: Specimen,
  { nativeId }: Present,
) {
  if (capabilities.idempotency === "none") return yield* skip("nothing makes a repeated create of it harmless")
  const again = yield* Effect.flatMap(calls.create(operationId, wanted), (end) =>
    expectSuccess("the second Create", end),
  )
  if (again.nativeId !== nativeId) return yield* mismatch(`the native id ${nativeId} again`, again.nativeId)
})

/** Updates the resource if the sample says how; what is there and asked for then. */
const update = Effect.fnUntraced(function* (
  record: Recorder,
  { capabilities, type }: Subject,
  calls: TypeCalls,
  { properties: wanted, updated }: Specimen,
  { nativeId, properties }: Present,
) {
  const done = yield* record.type(
    type,
    "type.update",
    Effect.gen(function* () {
      if (updated === undefined) return yield* skip("its sample has no `update`")
      const before = yield* Effect.flatMap(calls.read(nativeId), (end) => expectSuccess("Read", end))
      const planned = compare(
        { desired: updated, unknown: new Set(), prior: wanted, actual: before.properties },
        capabilities,
      )
      if (planned._tag !== "Update") return yield* mismatch("a plan to update it", `a plan that says ${planned._tag}`)
      const end = yield* Effect.flatMap(calls.update(nativeId, before.properties, wanted, updated), (end) =>
        expectSuccess("Update", end),
      )
      if (end.nativeId !== nativeId) return yield* mismatch(`the native id ${nativeId}`, end.nativeId)
      const after = yield* Effect.flatMap(calls.read(nativeId), (end) => expectSuccess("Read", end))
      yield* asWanted(updated, after.properties, capabilities)
      return after.properties
    }),
  )
  return done === undefined ? { wanted, actual: properties } : { wanted: updated ?? wanted, actual: done }
})

/** Another launch deletes what this one has just read. */
const outOfBand = Effect.fnUntraced(function* (
  subject: Subject,
  calls: TypeCalls,
  later: TypeCalls,
  nextOperationId: () => OperationId,
) {
  const { properties } = subject.specimen()
  const made = yield* calls.create(nextOperationId(), properties)
  if (made.status === "Failed" && made.failure.code === "AlreadyExists") {
    return yield* skip("a second one can not be made; write {{unique}} where its sample names it")
  }
  const { nativeId } = yield* expectSuccess("Create", made)
  yield* Effect.flatMap(calls.read(nativeId), (end) => expectSuccess("Read", end))
  yield* Effect.flatMap(later.delete(nativeId), (end) => expectSuccess("Delete", end))
  const seen = yield* calls.read(nativeId)
  if (seen.status !== "Failed" || seen.failure.code !== "NotFound") {
    return yield* mismatch("Failed with NotFound, once another launch has deleted it", describeEnd(seen))
  }
})
