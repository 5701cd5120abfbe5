import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { StepRequest } from "../../../src/agent/apply/StepRequest.ts"
import { StepResult } from "../../../src/agent/apply/StepResult.ts"
import { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { Change, type WantedResource } from "../../../src/agent/plan/Change.ts"
import { SecretValues } from "../../../src/agent/secrets/SecretValues.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { fuzzRuns } from "../../transport/fuzzedFrames.ts"
import { entryOf } from "../operations/scripted.ts"
import { capable } from "../plan/capabilities.ts"
import { existing, wanted } from "../plan/planned.ts"

const layerSecrets = SecretValues.layerNoDeps.pipe(Layer.provideMerge(layerChosenStore))

/** Encodes a value as text, and reads it from the text again. */
const throughJson = Effect.fnUntraced(function* <A, RD, RE>(schema: Schema.Codec<A, unknown, RD, RE>, value: A) {
  const encoded = yield* Schema.encodeEffect(schema)(value)
  const text = yield* Schema.encodeEffect(Schema.fromJsonString(Schema.Json))(encoded as Schema.Json)
  const read = yield* Schema.decodeUnknownEffect(schema)(JSON.parse(text))
  return { read, text }
})

const canary = "hunter2-in-clear"
const secretive = {
  ...capable("Suite::Of::Vaulted", { Password: ["opaque"], Pin: ["writeOnly"], Name: [] }),
  targetSecrets: ["token"],
}
const secrets = { Password: canary, Pin: { code: canary }, Undeclared: [canary], Name: "open" }
const secretWanted: WantedResource = wanted("a", secrets, {
  capabilities: secretive,
  targetConfig: { region: "here", token: canary },
})
const secretChange: Change = {
  label: "a",
  type: secretive.type,
  operation: "update",
  changed: ["Password"],
  nativeId: NativeId.make("id-a"),
  compared: secrets,
  wanted: secretWanted,
  existing: { ...existing("a"), prior: secrets, actual: secrets },
  dependsOn: [],
}
const known = existing("a")
const command = { commandId: "command-1", forma: "shop" }
const requests: ReadonlyArray<StepRequest> = [
  { _tag: "Ensure", command, change: secretChange, properties: secrets },
  { _tag: "Remove", command, change: secretChange },
  { _tag: "TakeUp", command, entry: entryOf(), wanted: secretWanted },
  // The entry has a property that its type does not declare, and so was not sealed.
  { _tag: "TakeUp", command, entry: entryOf({ desired: { Undeclared: canary } }) },
  // Another type is wanted under the same label: what is known of the old one is judged by nothing that is known.
  {
    _tag: "Ensure",
    command,
    change: { ...secretChange, existing: { ...known, prior: { Name: canary }, actual: { Name: canary } } },
    properties: {},
  },
  {
    _tag: "Ensure",
    command,
    change: {
      ...secretChange,
      existing: { ...known, row: { ...known.row, desired: { Name: canary }, actual: { Name: canary } } },
    },
    properties: {},
  },
  // The property was secret, and is no longer.
  {
    _tag: "Ensure",
    command,
    change: {
      ...secretChange,
      existing: {
        ...known,
        row: { ...known.row, type: secretive.type, desired: { Name: { $sealed: { salt: "s", hmac: "h" } } } },
        prior: { Name: canary },
        actual: { Name: canary },
      },
    },
    properties: {},
  },
  // Nothing is wanted.
  {
    _tag: "Remove",
    command,
    change: {
      label: "a",
      type: secretive.type,
      operation: "delete",
      changed: [],
      existing: { ...known, actual: secrets },
      dependsOn: [],
    },
  },
]
const result: StepResult = {
  _tag: "Done",
  operation: "update",
  nativeId: NativeId.make("id-a"),
  attempts: 1,
  crashes: [],
  properties: secrets,
  secrets: ["Password", "Pin", "Undeclared"],
  outputs: [],
}

/** Compares complete values. JSON has no -0, so it counts as 0. */
const assertSame = (read: unknown, value: unknown) =>
  assert.isTrue(Equal.equals(read, value), `read ${JSON.stringify(read)} of ${JSON.stringify(value)}`)

const runs = fuzzRuns(30)

layer(layerSecrets, { excludeTestServices: true })("a value of the agent survives JSON:", (it) => {
  it.effect.prop(
    "a change",
    [Change],
    ([change]) =>
      Effect.gen(function* () {
        assertSame((yield* throughJson(Change, change)).read, change)
      }),
    runs,
  )

  it.effect.prop(
    "a request of a step",
    [StepRequest],
    ([request]) =>
      Effect.gen(function* () {
        assertSame((yield* throughJson(StepRequest, request)).read, request)
      }),
    runs,
  )

  it.effect.prop(
    "its result",
    [StepResult],
    ([result]) =>
      Effect.gen(function* () {
        assertSame((yield* throughJson(StepResult, result)).read, result)
      }),
    runs,
  )

  it.effect.prop(
    "an event",
    [ChangeEvent],
    ([event]) =>
      Effect.gen(function* () {
        assertSame((yield* throughJson(ChangeEvent, event)).read, event)
      }),
    runs,
  )

  it.effect.prop(
    "the result of a command",
    [CommandResult],
    ([result]) =>
      Effect.gen(function* () {
        assertSame((yield* throughJson(CommandResult, result)).read, result)
      }),
    runs,
  )
})

describe("P11: a secret in an encoded value is replaced by an id", () => {
  it.effect.each(requests)("in a request to $_tag", (request) =>
    Effect.gen(function* () {
      const { read, text } = yield* throughJson(StepRequest, request)
      assert.notInclude(text, canary)
      assert.include(text, "$secret")
      assert.deepEqual(read, request)
    }).pipe(Effect.provide(layerSecrets)),
  )

  it.effect("in a change and in a result", () =>
    Effect.gen(function* () {
      const change = yield* throughJson(Change, secretChange)
      const done = yield* throughJson(StepResult, result)
      assertSame(change.read, secretChange)
      assertSame(done.read, result)
      for (const { text } of [change, done]) {
        assert.notInclude(text, canary)
        assert.include(text, `"Name":"open"`)
      }
      const sql = yield* SqlClient.SqlClient
      assert.notInclude(JSON.stringify(yield* sql`SELECT * FROM secrets`), canary)
    }).pipe(Effect.provide(layerSecrets)),
  )

  it.effect("which is found only in the state where it was made", () =>
    Effect.gen(function* () {
      const encoded = yield* Effect.provide(Schema.encodeEffect(StepResult)(result), Layer.fresh(layerSecrets))
      const error = yield* Effect.flip(
        Effect.provide(Schema.decodeEffect(StepResult)(encoded), Layer.fresh(layerSecrets)),
      )
      assert.match(error.message, /The state has no secret /)
      assert.notInclude(error.message, canary)
    }),
  )

  it.effect("and a secret in clear is refused without being shown", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Schema.decodeEffect(StepResult)(result))
      assert.match(error.message, /expected the id of a secret/)
      assert.notInclude(error.message, canary)
    }).pipe(Effect.provide(layerSecrets)),
  )

  it.effect("but what only looks like an id is left alone", () =>
    Effect.gen(function* () {
      const lookalike: StepResult = { ...result, properties: { Name: { $secret: "not an id" } }, secrets: [] }
      assert.deepEqual((yield* throughJson(StepResult, lookalike)).read, lookalike)
    }).pipe(Effect.provide(layerSecrets)),
  )
})
