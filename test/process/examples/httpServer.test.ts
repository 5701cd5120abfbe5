/** The host program that is a server. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { inFolder, pathOf } from "./exampleFolder.ts"

const post = (url: string, body: string) =>
  Effect.promise(async () => {
    const response = await fetch(`${url}/apply`, { method: "POST", body })
    return { status: response.status, type: response.headers.get("content-type"), body: await response.text() }
  })

const linesOf = (body: string): ReadonlyArray<Record<string, unknown>> =>
  body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

describe("the server of examples/hosts", () => {
  it.live("answers the post of a document with each event as it happens, and then the result", () =>
    inFolder(({ begin, rowsOf }) =>
      Effect.gen(function* () {
        const server = yield* begin("httpServer.ts")
        const url = yield* server.all.pipe(
          Stream.decodeText,
          Stream.splitLines,
          Stream.map((line) => /Listening on (http:\S+)/.exec(line)?.[1]),
          Stream.filter((found) => found !== undefined),
          Stream.runHead,
          Effect.flatMap(Effect.fromOption),
        )
        const document = readFileSync(pathOf("examples/network.yaml"), "utf8")
        const first = yield* post(url, document)
        assert.deepInclude(first, { status: 200, type: "application/x-ndjson" })
        const lines = linesOf(first.body)
        assert.deepEqual(lines.map(({ _tag }) => _tag).slice(0, 3), ["Began", "Planned", "Started"])
        assert.deepInclude(lines.at(-1), { _tag: "CommandFinished" })
        assert.deepNestedInclude(lines.at(-1), { "result.status": "succeeded" })
        assert.lengthOf(yield* rowsOf("cloud.db", "SELECT native_id FROM resources"), 2)

        const second = linesOf((yield* post(url, document)).body)
        assert.notInclude(
          second.map(({ _tag }) => _tag),
          "Started",
        )
        const invalid = yield* post(url, "targets: {}\nresources: [5]")
        const wayOut = "this is a number, so write its fields: { name: ... }"
        assert.deepInclude(invalid, { status: 400, body: `2:13 resources[0]: Expected object; ${wayOut}\n` })
        const unknown = linesOf((yield* post(url, document.replaceAll("FakeAWS", "Nowhere"))).body)
        assert.deepEqual(
          unknown.map(({ _tag, code }) => [_tag, code]),
          [["Refused", "NamespaceUnknown"]],
        )
      }).pipe(Effect.scoped),
    ),
  )
})
