/** What is asked of each resource type, in an emulator. */
import { assert, type layer } from "@effect/vitest"
import type { PatchOperation, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import { AwsEmulator } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"

type Calls = ReturnType<typeof callsOf>
type It = Parameters<Parameters<ReturnType<typeof layer<AwsEmulator | R, never>>>[1]>[0]
type R = Effect.Services<ReturnType<Calls["read"]>>

export interface Lifecycle {
  readonly type: string
  readonly region?: string
  /** Of a resource that is told from others by `name`. */
  readonly wanted: (name: string) => Effect.Effect<Properties, unknown, AwsEmulator | R>
  /** What is not in what is read: the write-only properties. */
  readonly unread?: ReadonlyArray<string>
  /** What is read and was not given. */
  readonly outputs: (properties: Properties, nativeId: string) => Properties
  /** Changes for an update, and those that it takes away. */
  readonly change?: { readonly to: Properties; readonly without?: ReadonlyArray<string>; readonly read?: Properties }
  /** A text that must be nowhere in what the plugin says of a resource. */
  readonly secret?: string
  /** Whether a list says of what AWS owns, or of another type, that it is a resource of this one. */
  readonly isForeign?: (nativeId: string) => boolean
  /** Says why where the emulator can not do it. */
  readonly lacks?: {
    readonly repeat?: string
    readonly list?: string
    readonly change?: string
    readonly pages?: string
  }
}

const without = (properties: Properties, names: ReadonlyArray<string> = []): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))

export const lifecycle = (it: It, spec: Lifecycle): void => {
  const { lacks = {}, type } = spec
  const calls = Effect.map(AwsEmulator, (emulator) => callsOf(type, emulator, spec.region))
  const test = (name: string, reason: string | undefined) =>
    reason === undefined ? { run: it.effect, name } : { run: it.effect.skip, name: `${name} (the emulator: ${reason})` }

  it.effect("is created, read and deleted", () =>
    Effect.gen(function* () {
      const resource = yield* calls
      const wanted = yield* spec.wanted("life")
      const created = yield* resource.create(wanted)
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

  const repeated = test("is one, however often one operation creates it", lacks.repeat)
  repeated.run(repeated.name, () =>
    Effect.gen(function* () {
      const resource = yield* calls
      const wanted = yield* spec.wanted("once")
      const first = yield* resource.create(wanted, "op-a")
      const before = yield* resource.list(1000)
      const second = yield* resource.create(wanted, "op-a")
      assert.deepStrictEqual(second, first)
      assert.deepStrictEqual(yield* resource.list(1000), before)
      yield* resource.delete(first.nativeId)
    }),
  )

  const changed = test("keeps its native id and its operation when it is changed", lacks.change)
  const { change } = spec
  if (change !== undefined) {
    changed.run(changed.name, () =>
      Effect.gen(function* () {
        const resource = yield* calls
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
  }

  if (lacks.pages !== undefined) it.effect.skip(`is listed by pages (the emulator: ${lacks.pages})`, () => Effect.void)
  const listed = test("is listed, without what AWS owns", lacks.list)
  listed.run(listed.name, () =>
    Effect.gen(function* () {
      const resource = yield* calls
      const made = yield* Effect.forEach(["list-a", "list-b", "list-c"], (name) =>
        Effect.flatMap(spec.wanted(name), (wanted) => resource.create(wanted, `op-${name}`)),
      )
      const nativeIds = made.map(({ nativeId }) => nativeId)
      const all = yield* resource.list(lacks.pages === undefined ? 1 : 1000)
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

/** Of a type that can be asked what became of a create. */
export const recovery = (it: It, { region, type, wanted: wantedOf }: Lifecycle): void => {
  it.effect("says what became of its create", () =>
    Effect.gen(function* () {
      const resource = callsOf(type, yield* AwsEmulator, region)
      const wanted = yield* wantedOf("recover")
      assert.deepStrictEqual(yield* resource.recover(wanted, "op-a"), { status: "NotStarted" })
      const { nativeId, properties } = yield* resource.create(wanted, "op-a")
      const recovered = yield* resource.recover(wanted, "op-a")
      if (recovered.status === "InProgress") {
        const goneOn = yield* resource.pollToEnd({ _tag: "InProgress", ...recovered })
        assert.deepStrictEqual(goneOn, { _tag: "Succeeded", nativeId, properties })
      } else assert.deepStrictEqual(recovered, { status: "Done", nativeId, properties })
      assert.deepStrictEqual(yield* resource.recover(wanted, "op-b"), { status: "NotStarted" })
      yield* resource.delete(nativeId)
    }),
  )
}

/** Of a type with a name: what another operation made is left alone. */
export const notTakenOver = (it: It, { region, type, wanted: wantedOf }: Lifecycle): void => {
  it.effect("is not taken over from another operation", () =>
    Effect.gen(function* () {
      const resource = callsOf(type, yield* AwsEmulator, region)
      const wanted = yield* wantedOf("taken")
      const first = yield* resource.create(wanted, "op-a")
      const foreign = yield* Effect.flip(resource.create(wanted, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.isUndefined(foreign.nativeId)
      assert.deepStrictEqual(yield* resource.read(first.nativeId), first.properties)
      yield* resource.delete(first.nativeId)
    }),
  )
}
