import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { isGone, untilGone } from "../processState.ts"
import { hurried, visit, read } from "./visit.ts"

const host = fileURLToPath(new URL("./agentThatVisits.ts", import.meta.url))

// Each visit ends with a check that no process of the exhibit is left.
describe.concurrent("P5: closing takes a limited time, and leaves no process of a plugin that", () => {
  for (const { exhibit, state } of [
    { state: "behaves well", exhibit: "answers-twice" },
    { state: "ignores the end of its stdin", exhibit: "ignores-the-end-of-its-stdin" },
    { state: "ignores SIGTERM", exhibit: "ignores-sigterm" },
    { state: "suspends itself when it is asked to leave", exhibit: "suspends-itself-when-stopped" },
    { state: "throws when it is asked to leave", exhibit: "throws-when-stopped" },
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
    { state: "loops forever", exhibit: "spins-for-ever", nativeId: "any", printed: "spinning" },
    { state: "is suspended", exhibit: "suspends-itself", nativeId: "any", printed: "suspending" },
    { state: "stopped reading", exhibit: "stops-reading", nativeId: "any", printed: "not listening" },
    { state: "forgot a call", exhibit: "never-answers-a-call", nativeId: "forgotten", printed: "forgetting" },
  ]) {
    it.live(`${state}, and its call fails`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const calling = yield* Effect.forkChild(Effect.flip(museum.read(nativeId)))
        yield* museum.printed(printed)
        // More than a pipe holds, so that something is left to write as well.
        const more = yield* Effect.forkChild(
          Effect.flip(museum.perform({ ...read(exhibit, "u"), label: "u".repeat(1024 * 1024) })),
          {
            startImmediately: true,
          },
        )
        yield* museum.close
        assert.strictEqual((yield* Fiber.join(calling))._tag, "ConnectionLost")
        yield* Fiber.join(more)
      }),
    )
  }

  for (const exhibit of ["never-answers-the-handshake", "stalls-in-the-handshake"]) {
    it.live(`${exhibit.replaceAll("-", " ")}, while the agent waits for it`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const calling = yield* Effect.forkChild(Effect.exit(museum.read("any")))
        yield* museum.next("Launched")
        yield* museum.close
        assert.strictEqual((yield* Fiber.join(calling))._tag, "Failure")
      }),
    )
  }

  it.live("crashed and waits for its restart", () =>
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
})

describe.concurrent("P5: closing takes a limited time if a plugin has a grandchild", () => {
  it.live("that holds its pipes, which is gone too", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-a-grandchild")
      const { Pid } = yield* museum.properties("its child")
      yield* museum.close
      yield* untilGone(Number(Pid))
    }),
  )

  for (const { exhibit, state } of [
    { state: "in another process group, which holds its pipes", exhibit: "leaves-a-grandchild-in-another-group" },
    { state: "in another session, whose parent is gone", exhibit: "leaves-an-orphan" },
  ]) {
    it.live(`${state}, and is gone too`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const { Pid } = yield* museum.properties("its child")
        yield* museum.close
        yield* untilGone(Number(Pid))
      }),
    )
  }

  it.live("that ignores SIGTERM in another session, and is gone too", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-an-orphan")
      const { Pid } = yield* museum.properties("deaf")
      yield* museum.close
      yield* untilGone(Number(Pid))
    }),
  )

  it.live("that is an agent, which is gone with its own plugins and what they have started", () =>
    Effect.gen(function* () {
      const museum = yield* visit("starts-an-agent")
      const { Agent, Child, Plugin } = yield* museum.properties("an agent")
      yield* museum.close
      yield* Effect.forEach([Agent, Plugin, Child].map(Number), untilGone)
    }),
  )

  it.live("that was started without the id of the launch, and is left alone", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-an-orphan")
      const { Pid } = yield* museum.properties("free")
      yield* Effect.addFinalizer(() => Effect.sync(() => process.kill(Number(Pid), "SIGKILL")))
      yield* museum.close
      assert.isFalse(isGone(Number(Pid)))
    }),
  )
})

describe.concurrent("P4: a plugin whose agent is killed is gone within a second, even if it", () => {
  for (const { exhibit, nativeId, printed, state } of [
    { state: "blocks its loop", exhibit: "blocks-its-loop", nativeId: "block", printed: "blocking" },
    { state: "loops forever", exhibit: "spins-for-ever", nativeId: "any", printed: "spinning" },
    { state: "is suspended", exhibit: "suspends-itself", nativeId: "any", printed: "suspending" },
    { state: "stopped reading", exhibit: "stops-reading", nativeId: "any", printed: "not listening" },
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
