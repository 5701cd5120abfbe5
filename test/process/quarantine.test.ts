import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { fileURLToPath } from "node:url"
import { makeFolder } from "./formaeCommand.ts"
import { refusalIn } from "./jsonOutput.ts"

const museum = fileURLToPath(new URL("../fixtures/plugins/museum", import.meta.url))
const name = "exits-before-the-handshake"

const forma = `
targets: { here: { namespace: ExitsBeforeTheHandshake } }
resources: [{ label: it, type: ExitsBeforeTheHandshake::Of::Any, target: here }]
`

/** Allows no restart, so the first failure leads to quarantine. */
const agent = `
plugins: ["${museum}"]
plugin: { ${name}: { supervision: { restart: { intensity: { restarts: 0, withinMillis: 60000 } } } } }
`

const Explanation = Schema.fromJsonString(
  Schema.Struct({
    plugin: Schema.String,
    restarts: Schema.Array(Schema.Struct({ restart: Schema.Int, delayMillis: Schema.Int, sumMillis: Schema.Int })),
    quarantineAtMillis: Schema.Int,
    operationCrashes: Schema.Int,
    rateLimit: Schema.NullOr(Schema.Struct({ perSecond: Schema.Finite, burst: Schema.Int })),
  }),
)

const Refusal = Schema.fromJsonString(
  Schema.Struct({
    command: Schema.String,
    status: Schema.String,
    restarts: Schema.Array(Schema.Unknown),
    error: Schema.Struct({ code: Schema.String, message: Schema.String }),
  }),
)

describe("a plugin that was restarted too often", () => {
  it.live("stays quarantined for the next command, until it is released", () =>
    Effect.gen(function* () {
      const { begin, formae, write } = yield* makeFolder
      write("it.yaml", forma)
      write("agent.yaml", agent)
      const where = ["--config", "agent.yaml"]

      assert.strictEqual((yield* formae("apply", "it.yaml", ...where)).code, 1)

      const second = yield* formae("apply", "it.yaml", ...where)
      assert.strictEqual(second.code, 1)
      assert.match(second.stderr, /has been quarantined since .*"formae plugins release exits-before-the-handshake"/)

      const told = yield* formae("apply", "it.yaml", "--json", ...where)
      const error = yield* refusalIn(told)
      assert.deepInclude(error?.facts, { plugin: name, restarts: 0 })
      assert.notInclude(told.stdout, "formae plugins")
      assert.include(told.stderr, `"formae plugins release ${name}" brings it back`)

      const listed = yield* formae("plugins", ...where)
      assert.strictEqual(listed.code, 0)
      assert.match(listed.stdout, /ExitsBeforeTheHandshake .* quarantined/)
      assert.include(listed.stdout, `"formae plugins release ${name}" brings it back`)

      const other = yield* formae("plugins", "release", "other", ...where)
      assert.strictEqual(other.code, 2)
      assert.include(other.stderr, `quarantined plugins: ${name}`)

      assert.strictEqual((yield* formae("plugins", "release", name, ...where)).code, 0)
      assert.notInclude((yield* formae("plugins", ...where)).stdout, "quarantined since")

      // An agent that stays has its quarantines in memory too.
      const staying = yield* begin("agent", ...where)
      yield* staying.said("listens at")
      assert.strictEqual((yield* formae("apply", "it.yaml")).code, 1)
      const released = yield* formae("plugins", "release", name)
      assert.strictEqual(released.code, 0, released.stderr)
      const { stdout } = yield* formae("plugins", "--json", ...where)
      const { plugins } = JSON.parse(stdout) as {
        readonly plugins: ReadonlyArray<{ readonly name: string; readonly state: string }>
      }
      assert.strictEqual(plugins.find((one) => one.name === name)?.state, "NotStarted")
    }).pipe(Effect.scoped),
  )
})

describe("formae policy explain", () => {
  it.live("prints when a plugin would be quarantined", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolder
      const { code, stdout } = yield* formae("policy", "explain", "--plugin", "aws", "--json")
      assert.strictEqual(code, 0)
      const { plugin, quarantineAtMillis, rateLimit, restarts } = yield* Schema.decodeEffect(Explanation)(stdout)
      assert.strictEqual(plugin, "aws")
      assert.isNull(rateLimit)
      assert.lengthOf(restarts, 5)
      assert.strictEqual(restarts[0]?.delayMillis, 0)
      assert.strictEqual(quarantineAtMillis, restarts.at(-1)?.sumMillis)
      const mistyped = yield* formae("policy", "explain", "--plugin", "fakeaws", "--json")
      assert.strictEqual(mistyped.code, 2)
      const { error } = yield* Schema.decodeEffect(Refusal)(mistyped.stdout)
      assert.deepEqual(error, { code: "PluginUnknown", message: "There is no plugin fakeaws; did you mean fake-aws?" })
      const words = yield* formae("policy", "explain", "--plugin", "aws")
      assert.include(words.stdout, `${quarantineAtMillis} ms after the first`)
    }),
  )

  it.live("prints how many crashes in a row set an operation aside, and the rate limit", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      const explained = Effect.fnUntraced(function* (operationCrashes: number) {
        const operator = `operator: { rateLimit: { perSecond: 5, burst: ${operationCrashes} } }`
        write(
          "agent.yaml",
          `plugin: { aws: { supervision: { limits: { operationCrashes: ${operationCrashes} } }, ${operator} } }`,
        )
        const flags = ["--plugin", "aws", "--config", "agent.yaml"]
        const { stdout } = yield* formae("policy", "explain", ...flags, "--json")
        const explanation = yield* Schema.decodeEffect(Explanation)(stdout)
        assert.strictEqual(explanation.operationCrashes, operationCrashes)
        assert.deepEqual(explanation.rateLimit, { perSecond: 5, burst: operationCrashes })
        return (yield* formae("policy", "explain", ...flags)).stdout
      })
      assert.include(yield* explained(4), "An operation that is under way at 4 crashes in a row is set aside")
      const words = yield* explained(7)
      assert.include(words, "the plugin is quarantined before")
      assert.include(words, "at most 5 per second, and 7 at once after a rest, at each place")
    }),
  )

  it.live("prints the error of a configuration that cannot be read, with --json as JSON", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolder
      const { code, stderr, stdout } = yield* formae("policy", "explain", "--json", "--config", "gone.yaml")
      assert.strictEqual(code, 2)
      const refusal = yield* Schema.decodeEffect(Refusal)(stdout)
      assert.deepInclude(refusal, { command: "policy explain", status: "refused", restarts: [] })
      assert.strictEqual(refusal.error.code, "FileUnreadable")
      assert.strictEqual(stderr, `${refusal.error.message}\n`)
    }),
  )
})
