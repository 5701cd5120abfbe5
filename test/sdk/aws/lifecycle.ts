/** Tests that each resource type must pass on an emulator. */
import { assert } from "@effect/vitest"
import type { PatchOperation, Properties } from "formae/protocol"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { AwsEmulator, type It } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"

interface Update {
  /** The properties that it changes. */
  readonly to: Properties
  /** The properties that it removes. */
  readonly without?: ReadonlyArray<string>
  /** What is read in place of the removed ones. */
  readonly read?: Properties
}

export interface Lifecycle {
  readonly type: string
  readonly region?: string
  /** The properties of a resource; `name` distinguishes it from others. */
  readonly wanted: (name: string) => Effect.Effect<Properties, unknown, AwsEmulator | AwsClients>
  /** Properties that are not read back: the write-only ones. */
  readonly unread?: ReadonlyArray<string>
  /** Properties that are read but were not given. */
  readonly outputs: (properties: Properties, nativeId: string) => Properties
  readonly change?: Update
  /** False where the service chooses native ids, and takes any number of resources with the same properties. */
  readonly isNamed?: false
  /** A text that must not appear in anything that the plugin says about a resource. */
  readonly secret?: string
  /** Whether a listed resource belongs to AWS or to another type. */
  readonly isForeign?: (nativeId: string) => boolean
  /** What the emulator cannot do, and why. */
  readonly limitations?: {
    readonly repeat?: string
    readonly list?: string
    readonly change?: string
    readonly pages?: string
  }
}

const callsIn = ({ region, type }: Lifecycle) => Effect.map(AwsEmulator, (emulator) => callsOf(type, emulator, region))

/** A test that is skipped, with the reason in its title, if the emulator has the limitation. */
const testUnless = (
  it: It,
  limitation: string | undefined,
  name: string,
  run: () => Effect.Effect<void, unknown, AwsEmulator | AwsClients>,
): void =>
  limitation === undefined ? it.effect(name, run) : it.effect.skip(`${name} (the emulator: ${limitation})`, run)

const without = (properties: Properties, names: ReadonlyArray<string> = []): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))

export const lifecycle = (it: It, spec: Lifecycle): void => {
  isCreatedAndDeleted(it, spec)
  isCreatedOnce(it, spec)
  if (spec.change !== undefined) isUpdated(it, spec, spec.change)
  isListed(it, spec)
}

const isCreatedAndDeleted = (it: It, spec: Lifecycle): void =>
  it.effect("is created, read and deleted", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const wanted = yield* spec.wanted("life")
      const { facts, nativeId: before, place } = yield* resource.identify(wanted)
      const created = yield* resource.create(wanted)
      // What a create would make is the same before it and after it, as far as it is known.
      const { nativeId: after } = yield* resource.identify(wanted)
      assert.include([undefined, created.nativeId], before)
      assert.include(spec.isNamed === false ? [undefined] : [created.nativeId], after)
      assert.strictEqual((yield* resource.identify()).place, place)
      assert.match(JSON.stringify(facts), /^{"accountId":"\d{12}","partition":"aws","region":"[a-z0-9-]+"}$/)
      assert.match(place, /^aws(:\d{12})?(:[a-z0-9-]+)?$/)
      const read = yield* resource.read(created.nativeId)
      assert.deepStrictEqual(read, {
        ...without(wanted, spec.unread),
        ...spec.outputs(read, created.nativeId),
      })
      assert.deepStrictEqual(created.properties, read)
      if (spec.secret !== undefined) assert.notInclude(JSON.stringify([created, read]), spec.secret)

      assert.deepStrictEqual((yield* resource.delete(created.nativeId)).properties, {})
      assert.strictEqual((yield* Effect.flip(resource.read(created.nativeId))).code, "NotFound")
      const again = yield* Effect.result(resource.delete(created.nativeId))
      assert.strictEqual(again._tag === "Failure" ? again.failure.code : "NotFound", "NotFound")
    }),
  )

const isCreatedOnce = (it: It, spec: Lifecycle): void =>
  testUnless(it, spec.limitations?.repeat, "is created once, however often the operation is repeated", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const wanted = yield* spec.wanted("once")
      const first = yield* resource.create(wanted, "op-a")
      const before = yield* resource.list(1000)
      const second = yield* resource.create(wanted, "op-a")
      assert.deepStrictEqual(second, first)
      assert.deepStrictEqual(yield* resource.list(1000), before)
      yield* resource.delete(first.nativeId)
    }),
  )

const isUpdated = (it: It, spec: Lifecycle, change: Update): void =>
  testUnless(it, spec.limitations?.change, "keeps its native id and its operation when it is updated", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const wanted = yield* spec.wanted("change")
      const { nativeId } = yield* resource.create(wanted, "op-a")
      const desired = { ...without(wanted, change.without), ...change.to }
      const patch: Array<PatchOperation> = [
        ...Object.entries(change.to).map(([name, value]) => ({ op: "replace" as const, path: `/${name}`, value })),
        ...(change.without ?? []).map((name) => ({ op: "remove" as const, path: `/${name}` })),
      ]
      for (const _ of ["first", "repeated"]) {
        const updated = yield* resource.update(nativeId, desired, patch)
        assert.strictEqual(updated.nativeId, nativeId)
        assert.deepStrictEqual(updated.properties, {
          ...without(desired, spec.unread),
          ...spec.outputs(updated.properties, nativeId),
          ...change.read,
        })
        if (spec.secret !== undefined) assert.notInclude(JSON.stringify(updated), spec.secret)
      }
      assert.notStrictEqual((yield* resource.recover(wanted, "op-a")).status, "NotStarted")
      yield* resource.delete(nativeId)
    }),
  )

const isListed = (it: It, spec: Lifecycle): void => {
  const { list, pages } = spec.limitations ?? {}
  if (pages !== undefined) it.effect.skip(`is listed page by page (the emulator: ${pages})`, () => Effect.void)
  testUnless(it, list, "is listed, without what AWS owns", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const created = yield* Effect.forEach(["list-a", "list-b", "list-c"], (name) =>
        Effect.flatMap(spec.wanted(name), (wanted) => resource.create(wanted, `op-${name}`)),
      )
      const nativeIds = created.map(({ nativeId }) => nativeId)
      const all = yield* resource.list(pages === undefined ? 1 : 1000)
      assert.includeMembers([...all], nativeIds)
      assert.strictEqual(new Set(all).size, all.length)
      assert.deepStrictEqual(
        all.filter((nativeId) => spec.isForeign?.(nativeId) === true),
        [],
      )
      yield* Effect.forEach(nativeIds, (nativeId) => resource.delete(nativeId))
    }),
  )
}

/** For a type that can say what became of a create. */
export const recovery = (it: It, spec: Lifecycle): void =>
  it.effect("says what became of its create", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const wanted = yield* spec.wanted("recover")
      assert.deepStrictEqual(yield* resource.recover(wanted, "op-a"), { status: "NotStarted" })
      const { nativeId, properties } = yield* resource.create(wanted, "op-a")
      const recovered = yield* resource.recover(wanted, "op-a")
      if (recovered.status === "InProgress") {
        const completed = yield* resource.pollToEnd({ _tag: "InProgress", ...recovered })
        assert.deepStrictEqual(completed, { _tag: "Succeeded", nativeId, properties })
      } else assert.deepStrictEqual(recovered, { status: "Done", nativeId, properties })
      assert.deepStrictEqual(yield* resource.recover(wanted, "op-b"), { status: "NotStarted" })
      yield* resource.delete(nativeId)
    }),
  )

/** For a type with names: what another operation created is left alone. */
export const notTakenOver = (it: It, spec: Lifecycle): void =>
  it.effect("is not taken over from another operation", () =>
    Effect.gen(function* () {
      const resource = yield* callsIn(spec)
      const wanted = yield* spec.wanted("taken")
      const first = yield* resource.create(wanted, "op-a")
      const foreign = yield* Effect.flip(resource.create(wanted, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.isUndefined(foreign.nativeId)
      assert.deepStrictEqual(yield* resource.read(first.nativeId), first.properties)
      yield* resource.delete(first.nativeId)
    }),
  )

/** For a type with names: if two operations want the same name at the same time, one of them gets it. */
export const createdByOneOfTwo = (it: It, type: string, properties: Properties): void =>
  it.effect("is created by one of two operations that want it at the same time", () =>
    Effect.gen(function* () {
      const resource = callsOf(type, yield* AwsEmulator)
      const attempts = yield* Effect.forEach(
        ["op-a", "op-b"],
        (operationId) => Effect.result(resource.create(properties, operationId)),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(attempts.filter(Result.isSuccess), 1)
      const [refused] = Arr.getFailures(attempts)
      assert.strictEqual(refused?.code, "AlreadyExists")
    }),
  )
