import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { untilGone } from "../processState.ts"
import { hurried, visit } from "./visit.ts"

const host = fileURLToPath(new URL("./agentThatVisits.ts", import.meta.url))

// That nothing of it is left is seen to at the end of each visit.
describe.concurrent("P5: closing is bounded, and leaves nothing, of a plugin that", () => {
  for (const { exhibit, state } of [
    { state: "does all right", exhibit: "answers-twice" },
    { state: "ignores the end of its stdin", exhibit: "ignores-the-end-of-its-stdin" },
    { state: "ignores SIGTERM", exhibit: "ignores-sigterm" },
    { state: "stands still when it is asked to leave", exhibit: "suspends-itself-when-stopped" },
    { state: "throws when it leaves", exhibit: "throws-when-stopped" },
    { state: "prints without end when it is asked to leave", exhibit: "floods-when-stopped" },
    { state: "prints without end", exhibit: "floods-stdout" },
  ]) {
    it.live(state, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        yield* museum.properties("any")
        yield* museum.close
        assert.strictEqual((yield* museum.next("Stopped")).generation, 1)
      }),
    )
  }

  for (const { exhibit, nativeId, printed, state } of [
    { state: "blocks its loop", exhibit: "blocks-its-loop", nativeId: "block", printed: "blocking" },
    { state: "runs in a circle", exhibit: "spins-for-ever", nativeId: "any", printed: "spinning" },
    { state: "stands still", exhibit: "suspends-itself", nativeId: "any", printed: "suspending" },
    { state: "reads nothing any more", exhibit: "stops-reading", nativeId: "any", printed: "not listening" },
    { state: "forgot a call", exhibit: "never-answers-a-call", nativeId: "forgotten", printed: "forgetting" },
  ]) {
    it.live(`${state}, and its call fails`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const calling = yield* Effect.forkChild(Effect.flip(museum.read(nativeId)))
        yield* museum.printed(printed)
        // More than a pipe holds: there is something left to write as well.
        const more = yield* Effect.forkChild(Effect.flip(museum.read("u".repeat(1024 * 1024))), {
          startImmediately: true,
        })
        yield* museum.close
        assert.strictEqual((yield* Fiber.join(calling))._tag, "ConnectionLost")
        yield* Fiber.join(more)
      }),
    )
  }

  for (const exhibit of ["never-answers-the-handshake", "stalls-in-the-handshake"]) {
    it.live(`${exhibit.replaceAll("-", " ")}, while it is waited for`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const calling = yield* Effect.forkChild(Effect.exit(museum.read("any")))
        yield* museum.next("Launched")
        yield* museum.close
        assert.strictEqual((yield* Fiber.join(calling))._tag, "Failure")
      }),
    )
  }

  it.live("crashed, and waits for its restart", () =>
    Effect.gen(function* () {
      const hour = 3_600_000
      const museum = yield* visit("crashes-on-demand", {
        ...hurried,
        restart: { ...hurried.restart, baseMillis: hour, capMillis: hour },
      })
      yield* Effect.flip(museum.read("any"))
      yield* Effect.flip(museum.read("any"))
      assert.strictEqual((yield* museum.next("RestartingIn")).delayMillis, 0)
      assert.strictEqual((yield* museum.next("RestartingIn")).delayMillis, hour)
      const calling = yield* Effect.forkChild(Effect.exit(museum.read("any")), { startImmediately: true })
      yield* museum.close
      assert.strictEqual((yield* Fiber.join(calling))._tag, "Failure")
    }),
  )

  it.live("has a grandchild that holds its pipes: that is gone too", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-a-grandchild")
      const { Pid } = yield* museum.properties("its child")
      yield* museum.close
      yield* untilGone(Number(Pid))
    }),
  )

  it.live("has a grandchild in another group that holds its pipes: that is out of reach, and holds up nothing", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-a-grandchild-in-another-group")
      const { Pid } = yield* museum.properties("its child")
      yield* Effect.addFinalizer(() => Effect.sync(() => process.kill(Number(Pid), "SIGKILL")))
      yield* museum.close
    }),
  )
})

describe.concurrent("P4: when its agent is killed, it is gone within a second: a plugin that", () => {
  for (const { exhibit, nativeId, printed, state } of [
    { state: "blocks its loop", exhibit: "blocks-its-loop", nativeId: "block", printed: "blocking" },
    { state: "runs in a circle", exhibit: "spins-for-ever", nativeId: "any", printed: "spinning" },
    { state: "stands still", exhibit: "suspends-itself", nativeId: "any", printed: "suspending" },
    { state: "reads nothing any more", exhibit: "stops-reading", nativeId: "any", printed: "not listening" },
  ]) {
    it.live(state, () =>
      Effect.gen(function* () {
        const agent = yield* ChildProcess.make(
          process.execPath,
          ["--conditions=formae-source", host, exhibit, nativeId, printed],
          { extendEnv: true, stderr: "inherit" },
        )
        const line = yield* agent.stdout.pipe(Stream.decodeText, Stream.splitLines, Stream.runHead)
        const pid = line._tag === "Some" ? Number(line.value) : yield* Effect.die("the agent printed no pid")
        process.kill(agent.pid, "SIGKILL")
        yield* untilGone(pid)
      }).pipe(Effect.provide(NodeServices.layer)),
    )
  }
})
