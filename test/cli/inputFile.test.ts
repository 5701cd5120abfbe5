import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { readInput } from "../../src/cli/InputFile.ts"

describe("a file that is not there", () => {
  for (const { file, hint, what } of [
    { what: "document", file: "shop.yml", hint: "; did you mean shop.yaml?" },
    { what: "document", file: "net", hint: "; the YAML and JSON files there are: list.json, shop.yaml" },
    { what: "certificate", file: "agnt.pem", hint: "; did you mean agent.pem?" },
    { what: "key", file: "server.key", hint: "; there are no .key files there" },
    { what: "token", file: "secret", hint: "" },
  ]) {
    it.effect(`is missed in words of its kind: ${what} ${file}`, () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        for (const name of ["agent.pem", "list.json", "shop.yaml"]) yield* fs.writeFileString(`${folder}/${name}`, "")
        const { message } = yield* Effect.flip(readInput(what, `${folder}/${file}`))
        assert.strictEqual(message, `The ${what} ${folder}/${file} cannot be read: there is no such file${hint}`)
      }).pipe(Effect.provide(NodeServices.layer)),
    )
  }
})
