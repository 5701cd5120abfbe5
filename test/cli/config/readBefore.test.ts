/** A command reads its configuration once, however many parts of it ask for it. */
import { assert, it } from "@effect/vitest"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ReadBefore, readConfig } from "../../../src/cli/config/readConfig.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

it.effect("a configuration is read once for each file that is named, and again where that is asked for", () =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const write = (name: string, retries: number) =>
      writeFileSync(join(folder, name), `operator: { retry: { maxRetries: ${retries} } }`)
    const retriesIn = (name: string) =>
      Effect.map(readConfig(Option.some(join(folder, name))), ({ operator }) => operator?.retry?.maxRetries)
    write("a.yaml", 1)
    write("b.yaml", 2)
    assert.deepEqual([yield* retriesIn("a.yaml"), yield* retriesIn("b.yaml")], [1, 2])
    write("a.yaml", 3)
    assert.strictEqual(yield* retriesIn("a.yaml"), 1)
    assert.strictEqual(yield* Effect.provideService(retriesIn("a.yaml"), ReadBefore, undefined), 3)
  }).pipe(Effect.provideService(ReadBefore, new Map()), Effect.provide(NodeServices.layer)),
)
