/** How many calls the plugin makes for one resource of each type, one after another. */
import { assert } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { findSamples, type Sample, type Samples } from "formae/testing"
import type { PatchOperation, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { type Lookup, valueAt } from "../../../src/agent/forma/References.ts"
import { applyChange, fillObject, resolve } from "../../../src/testing/conformance/samples/Filling.ts"
import { secretsOf, withoutSecrets } from "../../../src/agent/secrets/Seals.ts"
import { callsOf } from "../aws/callsOf.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { sdkCalls, type SdkCall } from "./SdkCalls.ts"

/** The steps that are counted, in the order of a resource's life. `tags` changes one tag, `update` what the sample changes. */
export const steps = ["identify", "create", "read", "tags", "update", "delete"] as const
export type Step = (typeof steps)[number]
export type TypeCalls = { readonly [S in Step]?: ReadonlyArray<SdkCall> }

/** Moto gives such a table a second tag of the same key. */
const keepsOldTags: ReadonlySet<string> = new Set(["AWS::DynamoDB::Table"])

const folder = fileURLToPath(new URL("../../../plugins/aws", import.meta.url))
const region = "us-east-1"

/** What the samples have in the place of what no other resource has. */
const filling = { unique: "counted", number: "0", folder: "/" }

/** Moto creates such a cluster, and cannot change it. */
const notOnMoto: ReadonlySet<string> = new Set(["AWS::DSQL::Cluster"])

const countType = Effect.fnUntraced(function* (
  { properties, type, update: change = {} }: Sample,
  lookup: Lookup,
  emulator: Emulator,
  taken: Effect.Effect<ReadonlyArray<SdkCall>>,
) {
  const resource = callsOf(type, emulator, region)
  const capabilities = plugin.types.get(type)?.capabilities
  if (capabilities === undefined) throw new TypeError(`Not served: ${type}`)
  const hasTags = !notOnMoto.has(type) && capabilities.properties["Tags"] !== undefined
  const wanted = resolve(fillObject(properties, filling), lookup)
  const first = hasTags ? { ...wanted, Tags: [{ Key: "version", Value: "one" }] } : wanted
  const count = <E, R>(run: Effect.Effect<unknown, E, R>) => Effect.andThen(run, taken)

  yield* taken
  const identify = yield* count(resource.identify(first))
  const { nativeId } = yield* resource.create(first, `op-${type}`)
  const create = yield* taken
  const read = yield* count(resource.read(nativeId))
  /** An update says what a read says, however it knows. The agent has read before it, and says what, without the secrets. */
  const updating = Effect.fnUntraced(function* (desired: Properties, patch: ReadonlyArray<PatchOperation>) {
    const before = withoutSecrets(yield* resource.read(nativeId), capabilities)
    yield* taken
    const { properties } = yield* resource.update(nativeId, desired, patch, before)
    const calls = yield* taken
    const after = yield* resource.read(nativeId)
    const secrets = patch.every(({ path }) => path === "/Tags") ? secretsOf(after, capabilities) : {}
    if (!keepsOldTags.has(type)) assert.deepStrictEqual({ ...secrets, ...properties }, after)
    yield* taken
    return calls
  })
  const tags = [{ Key: "version", Value: "two" }]
  const retag: PatchOperation = { op: "replace", path: "/Tags", value: tags }
  const tagging = hasTags ? { tags: yield* updating({ ...wanted, Tags: tags }, [retag]) } : {}
  const { Tags: _, ...settings } = resolve(fillObject(change, filling), lookup)
  const desired = applyChange(hasTags ? { ...wanted, Tags: tags } : wanted, settings)
  const patch = Object.entries(settings).map(([name, value]): PatchOperation => {
    const path = `/${name}`
    return value === null ? { op: "remove", path } : { op: "replace", path, value }
  })
  const update = patch.length > 0 ? { update: yield* updating(desired, patch) } : {}
  const deleted = yield* count(resource.delete(nativeId))
  return [type, { identify, create, read, ...tagging, ...update, delete: deleted } satisfies TypeCalls] as const
})

export const countTypes = Effect.fnUntraced(
  function* (emulator: Emulator) {
    const { samples, setup = [] }: Samples = (yield* findSamples(folder)) ?? { samples: [] }
    const made = new Map<string, Properties>()
    const lookup: Lookup = (label, path) => valueAt(made.get(label) ?? {}, path)
    for (const { label, properties, type } of setup) {
      const wanted = resolve(fillObject(properties, { ...filling, unique: label }), lookup)
      made.set(label, (yield* callsOf(type, emulator, region).create(wanted, `op-${label}`)).properties)
    }
    const { taken } = yield* sdkCalls
    const counted = yield* Effect.forEach(samples, (sample) => countType(sample, lookup, emulator, taken))
    return new Map<string, TypeCalls>(counted)
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer),
)
