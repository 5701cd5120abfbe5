/** The host programs that run, watch and end commands. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { assertQuoted, inFolder } from "./exampleFolder.ts"

describe("a host of examples/hosts that", () => {
  it.live("declares its forma in code creates it once", () =>
    inFolder(({ rowsOf, run }) =>
      Effect.gen(function* () {
        const first = yield* run("typedForma.ts")
        assert.deepEqual(first.lines, ["pictures create succeeded", "logs create succeeded"], first.stderr)
        const second = yield* run("typedForma.ts")
        assert.deepEqual(second.lines, ["pictures noop succeeded", "logs noop succeeded"])
        assertQuoted(first.stdout)
        assertQuoted(second.stdout)
        const [logs] = yield* rowsOf("cloud.db", "SELECT properties FROM resources WHERE native_id = 'logs'")
        assert.include(logs, "arn:aws:s3:::pictures")
      }),
    ),
  )

  it.live("watches events prints each of one command, and gets those of both", () =>
    inFolder(({ cloud, run }) =>
      Effect.gen(function* () {
        const { lines, stderr, stdout } = yield* run("events.ts")
        assert.deepEqual(
          lines,
          [
            "gallery has begun",
            "to do: create pictures, create logs",
            "pictures: create has started",
            "pictures: the provider has accepted it",
            "pictures: create has succeeded",
            "logs: create has started",
            "logs: the provider has accepted it",
            "logs: create has succeeded",
            "the command has succeeded",
            `both commands: ${[
              "Began Planned Started Progressed Finished Started Progressed Finished",
              "Began Planned Started Finished Started Finished",
            ].join(" ")}`,
          ],
          stderr,
        )
        assertQuoted(stdout)
        assert.deepEqual(yield* cloud, [])
      }),
    ),
  )

  it.live("has schedules of its own survives a crash and a provider that throttles", () =>
    inFolder(({ cloud, run }) =>
      Effect.gen(function* () {
        const { lines, stderr } = yield* run("schedules.ts")
        assert.include(lines[0], "WARN")
        assert.deepEqual(
          lines.slice(1),
          [
            "pictures: succeeded, 2 attempts, 1 crashes",
            "logs: succeeded, 1 attempts, 0 crashes",
            "hello: succeeded, 3 attempts, 0 crashes",
            "index: succeeded, 1 attempts, 0 crashes",
          ],
          stderr,
        )
        assertQuoted(
          lines
            .slice(1)
            .map((line) => `${line}\n`)
            .join(""),
        )
        assert.deepEqual(yield* cloud, ["gallery-logs", "gallery-pictures"])
      }),
    ),
  )

  it.live("has two agents keeps two states, and lets the commands of one agent take turns", () =>
    inFolder(({ rowsOf, run }) =>
      Effect.gen(function* () {
        const { lines, stderr } = yield* run("twoAgents.ts")
        assert.deepEqual(lines.slice(0, 2), ["blue/logs blue/pictures", "green/logs green/pictures"], stderr)
        assert.match(
          lines[2] ?? "",
          /^Another command of this agent \(since .*\) is using this state; nothing was changed$/,
        )
        assert.deepEqual(lines.slice(3), ["the first has succeeded, and then the second has succeeded"])
        const formae = "SELECT DISTINCT forma FROM resources ORDER BY forma"
        assert.deepEqual(yield* rowsOf("blue.db", formae), ["blue", "slow"])
        assert.deepEqual(yield* rowsOf("green.db", formae), ["green"])
      }),
    ),
  )

  it.live("cuts its commands short finishes them, and nothing is created twice", () =>
    inFolder(({ cloud, creates, run }) =>
      Effect.gen(function* () {
        const { lines, stderr, stdout } = yield* run("timeLimit.ts")
        assert.deepEqual(
          lines,
          [
            "interrupted: no result",
            "stopped by a time limit: canceled (pictures canceled, logs canceled)",
            "stopped by its id: canceled (pictures canceled, logs canceled)",
            "resumed: succeeded (pictures succeeded, logs succeeded)",
            "applied again: succeeded (pictures succeeded, logs succeeded)",
          ],
          stderr,
        )
        assertQuoted(stdout)
        assert.deepEqual(yield* creates, ["gallery-pictures", "gallery-logs"])
        assert.deepEqual(yield* cloud, ["gallery-logs", "gallery-pictures"])
      }),
    ),
  )
})
