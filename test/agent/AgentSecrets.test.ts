import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { formaOfNotes, layerNotes, makeNotes } from "./notes.ts"
import { guessed } from "./secrets/guessed.ts"
import { changesOf, formaOf, makeShop, outcomes, type Resources } from "./shop.ts"

const canary = "canary-7d1f3b"

const layerOn = (file: string) =>
  Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
    Layer.provide([Store.layerFile(file), PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
    Layer.provide(NodeServices.layer),
  )

/** An agent with a state file, and all bytes of the folder that the file is in. */
const withStateFile = <A, E>(
  use: (bytes: Effect.Effect<string>, file: string) => Effect.Effect<A, E, Agent | Inventory | Scope.Scope>,
) =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-state-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true })),
    )
    const bytes = Effect.sync(() =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), "latin1"))
        .join(""),
    )
    const file = join(folder, "state.db")
    return yield* Effect.provide(use(bytes, file), layerOn(file))
  })

const secretOf = (value: Properties[string]): Resources => ({
  password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: value ?? null }],
})

describe("a secret", () => {
  it.effect("reaches the provider, and is not in any file, result or event of the agent", () =>
    withStateFile((bytes) =>
      Effect.gen(function* () {
        const { apply, destroy, events, inventory, plan, resources } = yield* makeShop
        const changed = `${canary}-changed`
        const results = [yield* plan(secretOf(canary)), yield* apply(secretOf(canary))]
        assert.strictEqual((yield* resources)[0]?.properties["SecretString"], canary)
        results.push(yield* apply(secretOf(canary)))
        assert.deepEqual(changesOf(results[2]!), [])
        results.push(yield* plan(secretOf(changed)), yield* apply(secretOf(changed)), yield* inventory)
        assert.deepEqual(outcomes(results[4]!), ["password update"])
        const hidden = { secret: true }
        // What a plan says of it, before it exists and before it changes.
        assert.deepEqual(
          [0, 3].map((index) => results[index]?.resources[0]?.changes),
          [
            [
              { path: "/Name", after: "password" },
              { path: "/SecretString", after: hidden, secret: true },
            ],
            [{ path: "/SecretString", before: hidden, after: hidden, secret: true }],
          ],
        )
        assert.strictEqual((yield* resources)[0]?.properties["SecretString"], changed)
        const kept = yield* bytes
        // The bytes are those of the state: they have what is not secret.
        assert.include(kept, "FakeAWS::SecretsManager::Secret")
        assert.notInclude(kept, canary)
        results.push(yield* plan({}))
        const lost = results.at(-1)?.resources[0]?.changes?.filter(({ secret }) => secret)
        assert.deepEqual(lost, [{ path: "/SecretString", before: hidden, secret: true }])
        results.push(yield* destroy())
        assert.notInclude(yield* bytes, canary)
        assert.notInclude(JSON.stringify(results), canary)
        assert.isAbove(events.length, 6)
        assert.notInclude(JSON.stringify(events), canary)
      }),
    ),
  )

  it.effect("is not in any error when the provider refuses it or the forma is wrong", () =>
    withStateFile((bytes) =>
      Effect.gen(function* () {
        const { apply, events } = yield* makeShop
        yield* apply(secretOf("earlier"), undefined, "another")
        const refused = yield* apply(secretOf(canary))
        assert.deepEqual(outcomes(refused), ["password create: AlreadyExists"])
        const wrong: Resources = {
          password: ["FakeAWS::SecretsManager::Secret", { Name: "n", SecretString: [canary], Arn: canary, X: canary }],
        }
        const error = yield* Effect.flip(apply(wrong))
        assert.strictEqual(error._tag, "FormaInvalid")
        assert.notInclude(JSON.stringify([refused, events, error, error.message]), canary)
        assert.notInclude(yield* bytes, canary)
      }),
    ),
  )
})

describe("a secret in the state file", () => {
  it.effect("of four digits cannot be guessed from the state file without its key", () =>
    withStateFile((_, file) =>
      Effect.gen(function* () {
        const { apply } = yield* makeShop
        yield* apply(secretOf("4711"))
        const database = new DatabaseSync(file, { readOnly: true })
        const texts = ["resources", "operations"].flatMap((table) =>
          database.prepare(`SELECT desired FROM ${table}`).all(),
        )
        database.close()
        assert.lengthOf(texts, 2)
        for (const { desired } of texts) assert.isUndefined(guessed(JSON.parse(String(desired)).SecretString))
      }),
    ),
  )

  it.effect.each([
    ["lost", (key: string) => rmSync(key)],
    ["wrong", (key: string) => writeFileSync(key, Buffer.alloc(32, 7))],
  ] as const)("is sent once more if the key is %s, and is known after that", ([, loseIt]) =>
    withStateFile((_, file) =>
      Effect.gen(function* () {
        const { apply, resources, target } = yield* makeShop
        const applyAgain = Effect.provide(
          Agent.use((agent) => agent.apply(formaOf("shop", target(), secretOf(canary)))),
          Layer.fresh(layerOn(file)),
          { local: true },
        )
        assert.deepEqual(outcomes(yield* apply(secretOf(canary))), ["password create"])
        loseIt(`${file}.key`)
        assert.deepEqual(outcomes(yield* applyAgain), ["password update"])
        assert.deepEqual(outcomes(yield* applyAgain), ["password noop"])
        assert.strictEqual((yield* resources)[0]?.properties["SecretString"], canary)
      }),
    ),
  )

  it.effect("cannot be referred to", () =>
    withStateFile(() =>
      Effect.gen(function* () {
        const { apply } = yield* makeShop
        const error = yield* Effect.flip(
          apply({
            ...secretOf(canary),
            note: ["FakeAWS::SecretsManager::Secret", { Name: "n", SecretString: { $ref: "password.SecretString" } }],
          }),
        )
        assert.strictEqual(
          error.message,
          "resources.1.properties.SecretString: SecretString of password is never returned by the provider, so it cannot be referred to; write the value here too, by an alias (&password and *password) or a parameter",
        )
      }),
    ),
  )
})

describe("a secret that its provider returns", () => {
  it.effect("is not stored when its resource is created, left alone or updated", () => {
    const { notes, plugin } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const inventory = yield* Inventory
      const wanted: ReadonlyArray<Properties> = [
        { Secret: canary },
        { Secret: canary },
        { Secret: canary, Text: "a" },
        { Secret: `${canary}-changed`, Text: "a" },
      ]
      const operations: Array<string | undefined> = []
      for (const properties of wanted) {
        const result = yield* agent.apply(formaOfNotes({ a: properties }))
        operations.push(result.resources[0]?.operation)
        assert.notInclude(JSON.stringify([result, yield* inventory.list()]), canary)
      }
      assert.deepEqual(operations, ["create", "noop", "update", "update"])
      assert.deepInclude(notes.get("note-1"), { Secret: `${canary}-changed` })
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})

describe("an update", () => {
  it.effect("says all that is wanted, secrets and what is never returned included, whatever it changes", () => {
    const { notes, plugin } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const given: Properties = { Secret: canary, Hint: "h" }
      for (const properties of [given, { ...given, Text: "a" }, { ...given, Text: "b" }, { ...given }]) {
        const result = yield* agent.apply(formaOfNotes({ a: properties }))
        assert.notStrictEqual(result.resources[0]?.operation, "noop")
        // The plugin writes what is wanted, and nothing that it had before.
        assert.deepEqual<unknown>(notes.get("note-1"), properties)
      }
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})

describe("a failure that quotes what was given", () => {
  const Quoting = defineResource({
    type: "Notes::Of::Quote",
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({ Path: Property.writeOnly(Schema.String), Password: Property.opaque(Schema.String) }),
    create: ({ properties: { Password, Path } }) =>
      Effect.fail(ProviderError.of("InvalidRequest", `${Path} does not open with ${Password}`)),
    read: () => Effect.succeed({}),
    delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
  })
  const plugin = inProcess(definePlugin({ name: "notes", namespace: "Notes", version: "1.0.0", types: [Quoting] }))

  it.effect("P11: shows properties that are only never read back, but no secrets", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfNotes({ a: { Path: "safe.txt", Password: canary } })
      const resources = forma.resources.map((one) => ({ ...one, type: ResourceType.make("Notes::Of::Quote") }))
      const result = yield* agent.apply({ ...forma, resources })
      assert.strictEqual(result.resources[0]?.error?.message, "safe.txt does not open with <redacted>")
    }).pipe(Effect.provide(layerNotes(plugin))),
  )
})
