/** The host programs that replace a part of the agent by one of their own. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { assertQuoted, inFolder } from "./exampleFolder.ts"

describe("a host of examples/hosts that", () => {
  it.live("wraps all three services sees each operation pass through its own", () =>
    inFolder(({ cloud, creates, run }) =>
      Effect.gen(function* () {
        const first = yield* run("compose.ts")
        assert.deepEqual(
          first.lines,
          [
            "coordinator: Identify of FakeAWS::S3::Bucket",
            "coordinator: Create of gallery/pictures",
            "operator: Create pictures Succeeded",
            "updater: Done",
            "coordinator: Identify of FakeAWS::S3::Bucket",
            "coordinator: Create of gallery/logs",
            "operator: Create logs Succeeded",
            "updater: Done",
            "the apply has succeeded",
          ],
          first.stderr,
        )
        assertQuoted(first.stdout)
        assert.deepEqual(yield* cloud, ["gallery-logs", "gallery-pictures"])
        const second = yield* run("compose.ts")
        assert.includeMembers(second.lines, ["operator: Read pictures Succeeded", "operator: Read logs Succeeded"])
        assert.notInclude(second.stdout, "Create")
        assert.lengthOf(yield* creates, 2)
      }),
    ),
  )

  it.live("has its own updater makes every change but deletes", () =>
    inFolder(({ cloud, run }) =>
      Effect.gen(function* () {
        const { lines, stderr, stdout } = yield* run("ownUpdater.ts")
        assert.deepEqual(
          lines,
          ["the destroy was canceled", "logs: this host deletes nothing", "pictures: this host deletes nothing"],
          stderr,
        )
        assertQuoted(stdout)
        assert.deepEqual(yield* cloud, ["gallery-logs", "gallery-pictures"])
      }),
    ),
  )

  it.live("has its own coordinator needs no plugin process", () =>
    inFolder(({ run }) =>
      Effect.gen(function* () {
        const { lines, stderr, stdout } = yield* run("ownCoordinator.ts")
        assert.deepEqual(
          lines,
          [
            "hello succeeded: https://board.example/tea-hello",
            "index succeeded: https://board.example/tea-index",
            "No plugin serves the namespace FakeAWS; known namespaces: Notes",
          ],
          stderr,
        )
        assertQuoted(stdout)
      }),
    ),
  )

  it.live("has its own launcher runs one plugin in itself and another as a process", () =>
    inFolder(({ cloud, run }) =>
      Effect.gen(function* () {
        const { lines, stderr, stdout } = yield* run("ownLauncher.ts")
        assert.sameMembers(lines, ["notes is linked in", "fake-aws is a process"], stderr)
        assertQuoted(stdout)
        assert.deepEqual(yield* cloud, ["gallery-logs", "gallery-pictures"])
      }),
    ),
  )

  it.live("has its own database, key and logger keeps the state beside its own tables", () =>
    inFolder(({ cloud, folder, rowsOf, run }) =>
      Effect.gen(function* () {
        const first = yield* run("ownStoreAndLogger.ts")
        assert.deepEqual(first.lines, ["deployment 1 has succeeded"], first.stderr)
        assert.strictEqual(first.stderr, "WARN [fake-aws] The plugin was ended by SIGKILL\n")
        assertQuoted(first.stdout)
        assertQuoted(first.stderr)
        const second = yield* run("ownStoreAndLogger.ts")
        assert.deepEqual([second.lines, second.stderr], [["deployment 2 has succeeded"], ""])
        assert.deepEqual(yield* rowsOf("host.db", "SELECT label FROM resources"), ["password"])
        assert.notInclude(readFileSync(`${folder}/host.db`, "latin1"), "not-a-real-secret")
        assert.lengthOf(yield* cloud, 1)
      }),
    ),
  )

  it.live("creates one resource through the updater has it in the inventory", () =>
    inFolder(({ cloud, rowsOf, run }) =>
      Effect.gen(function* () {
        const first = yield* run("oneResource.ts")
        assert.include(first.stdout, "arn:aws:s3:::one-bucket", first.stderr)
        assertQuoted(first.stdout)
        assert.deepEqual(yield* cloud, ["one-bucket"])
        assert.deepEqual(yield* rowsOf("state.db", "SELECT forma || '/' || label FROM resources"), ["by-hand/bucket"])
        // It is another operation, and the name is taken.
        const second = yield* run("oneResource.ts")
        assert.strictEqual(second.code, 1)
        assert.include(`${second.stdout}${second.stderr}`, "one-bucket exists, but another operation created it")
      }),
    ),
  )
})
