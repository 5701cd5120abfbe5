import { assert, describe, it } from "@effect/vitest"
import { fileURLToPath } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Store from "../../src/agent/store/Store.ts"
import { beginIn, makeFolder } from "./formaeCommand.ts"
import { decodeResult } from "./jsonOutput.ts"

const count = 10_000

const outputs = fileURLToPath(new URL("../../src/cli/Outputs.ts", import.meta.url))

/** A state with so many resources that have 80 MiB of properties together. */
const fillState = (file: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      INSERT INTO resources
        (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at)
      SELECT 'many', printf('thing-%05d', n), 'Suite::Of::Thing', 'here', '{}', 'id-' || n, '{}',
        '{"Text":"' || hex(zeroblob(4096)) || '"}', '[]', 0
      FROM numbers`
  }).pipe(Effect.provide(Store.layerFile(file).pipe(Layer.provide(NodeServices.layer))))

describe("what is longer than usual", () => {
  it.live(
    "is printed page by page by formae inventory --json, which holds little of it, and ends where nobody reads on",
    () =>
      Effect.gen(function* () {
        const { at, beginScript, textOf } = yield* makeFolder
        yield* fillState(at("state.db"))
        const script = yield* beginScript(`
          export NODE_OPTIONS=--max-old-space-size=112
          $formae inventory --json --state state.db > all.json; echo "all $?" >> codes
          { $formae inventory --json --state state.db; echo "cut $?" >> codes; } | head -n 3 > first.txt`)
        const { stderr } = yield* script.ended
        assert.strictEqual(textOf("codes"), "all 0\ncut 1\n")
        assert.strictEqual(stderr, "The result could not be written to stdout: write EPIPE\n")
        const text = textOf("all.json")
        assert.isTrue(text.startsWith(textOf("first.txt")))
        assert.isTrue(text.startsWith('{\n  "schemaVersion": 1,\n  "command": "inventory"'))
        const { resources, ...rest } = yield* decodeResult(text)
        assert.deepEqual(rest, { command: "inventory", status: "succeeded" })
        assert.deepEqual(
          resources.map(({ nativeId }) => nativeId),
          Array.from({ length: count }, (_, index) => `id-${index + 1}`),
        )
        // Not compared by `strictEqual`, which would show both texts.
        assert.isTrue(text === `${JSON.stringify(JSON.parse(text), null, 2)}\n`)
      }),
    60_000,
  )

  it.live("is printed where it has more lines than a call can have arguments", () =>
    Effect.gen(function* () {
      const program = `
        import * as Effect from "effect/Effect"
        import { printJson, printMistakes } from ${JSON.stringify(outputs)}
        const many = Array.from({ length: 140_000 }, () => "")
        await Effect.runPromise(Effect.andThen(printMistakes(many), printJson({ many: many.map(() => 0) })))`
      const flags = ["--conditions=formae-source", "--input-type=module"]
      const printed = yield* beginIn(import.meta.dirname)(process.execPath, ...flags, "-e", program)
      const { stderr, stdout } = yield* printed.ended
      assert.lengthOf(stderr, 140_000, stderr.slice(0, 500))
      assert.lengthOf(JSON.parse(stdout).many, 140_000)
    }),
  )
})
