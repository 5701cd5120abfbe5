import { assert, describe, it } from "@effect/vitest"
import { layerLocal, ProviderError, definePlugin, defineResource } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId, PluginOperator, ResourceType } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import { Creators } from "../../../plugins/azure/src/Creators.ts"
import { unmarkedCreate } from "../../../plugins/azure/src/unmarkedCreate.ts"

const properties = Schema.Struct({ Name: Schema.String })
const target = Schema.Struct({ account: Schema.String })
const resourceType = ResourceType.make("Azure::Storage::Thing")
const failing = (code: ErrorCode) => Effect.fail(ProviderError.of(code, `because of ${code}`))

/** A service without metadata. `attempts` says what happens to the first creates; later ones succeed. */
const service = (names: Set<string>, attempts: Array<"lost" | "refused" | "taken in another case">) => {
  const sent: Array<string> = []
  const sendCreate = (Name: string): Effect.Effect<unknown, ProviderError> =>
    Effect.suspend(() => {
      sent.push(Name)
      const fate = attempts.shift()
      if (fate === "refused") return failing("AccessDenied")
      if (fate === "taken in another case" || names.has(Name)) return failing("AlreadyExists")
      names.add(Name)
      return fate === "lost" ? failing("NetworkFailure") : Effect.void
    })
  const thing = defineResource({
    type: resourceType,
    properties,
    target,
    ...unmarkedCreate<typeof properties.Type, typeof target.Type>({
      type: resourceType,
      properties,
      nativeId: ({ Name }) => Name,
      placeOf: ({ account }) => account,
      create: (_, { Name }) => sendCreate(Name),
      describe: (_, Name) => Effect.suspend(() => (names.has(Name) ? Effect.succeed({ Name }) : failing("NotFound"))),
      delete: (_, Name) => Effect.suspend(() => (names.delete(Name) ? Effect.void : failing("NotFound"))),
    }),
  })
  const layer = Layer.merge(Creators.layer, AzureClients.layer)
  const plugin = definePlugin({ name: "azure", namespace: "Azure", version: "0.1.0", types: [thing], layer })
  const settings = {
    retry: { maxRetries: 3, baseMillis: 1, capMillis: 1 },
    poll: { baseMillis: 1, factor: 1, capMillis: 1 },
    callTimeoutMillis: 1000,
    logLevel: "Error",
  } as const
  return { sent, launch: layerLocal(plugin, { settings }) }
}

const subject = (operationId: string) => ({
  operationId: OperationId.make(operationId),
  resourceType,
  targetConfig: { account: "shop" },
  label: "it",
})

const create = (operationId = "op-a", Name = "thing") =>
  Effect.flatMap(PluginOperator, (operator) =>
    operator.perform({ _tag: "Create", ...subject(operationId), properties: { Name } }, () => Effect.void),
  )

describe("a create of a resource without metadata", () => {
  it.live("whose answer was lost succeeds with what it created", () =>
    Effect.gen(function* () {
      const { launch, sent } = service(new Set(), ["lost"])
      const created = yield* create().pipe(Effect.provide(launch))
      assert.deepInclude(created, { status: "Succeeded", nativeId: NativeId.make("thing") })
      assert.deepEqual(sent, ["thing", "thing"])
    }),
  )

  it.live("sends nothing if the name is taken", () =>
    Effect.gen(function* () {
      const { launch, sent } = service(new Set(["thing"]), [])
      const refused = yield* create().pipe(Effect.provide(launch))
      assert.deepInclude(refused, { status: "Failed" })
      assert.strictEqual(refused.status === "Failed" && refused.failure.code, "AlreadyExists")
      assert.deepEqual(sent, [])
    }),
  )

  it.live.each([
    ["refused", "AccessDenied"],
    ["taken in another case", "AlreadyExists"],
  ] as const)("that is %s reports no native id", ([fate, code]) =>
    Effect.gen(function* () {
      const refused = yield* create().pipe(Effect.provide(service(new Set(), [fate]).launch))
      if (refused.status !== "Failed") return assert.fail(refused.status)
      assert.strictEqual(refused.failure.code, code)
      assert.isUndefined(refused.nativeId)
    }),
  )

  it.live("may be repeated, until the resource is deleted and created by another operation", () =>
    Effect.gen(function* () {
      const { launch, sent } = service(new Set(), [])
      yield* Effect.gen(function* () {
        const operator = yield* PluginOperator
        const first = yield* create()
        assert.deepEqual(yield* create(), { ...first, attempts: 1 })
        assert.lengthOf(sent, 1)
        const nativeId = NativeId.make("thing")
        yield* operator.perform({ _tag: "Delete", ...subject("op-delete"), nativeId }, () => Effect.void)
        assert.strictEqual((yield* create("op-b")).status, "Succeeded")
        assert.strictEqual((yield* create()).status, "Failed")
      }).pipe(Effect.provide(launch))
    }),
  )
})
