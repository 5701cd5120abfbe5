import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { untilGone } from "../processState.ts"
import { startGuarded } from "./guarded.ts"

const signalGuard = (guards: () => ReadonlyArray<number>, signal: NodeJS.Signals) =>
  Effect.sync(() => {
    const [guard, ...others] = guards()
    assert.lengthOf(others, 0, "there is one guard")
    assert.isDefined(guard, "the guard runs")
    process.kill(guard, signal)
    return guard
  })

describe.concurrent("a guard that does not guard any more", () => {
  for (const { signal, words } of [
    { signal: "SIGKILL", words: "was ended" },
    { signal: "SIGSTOP", words: "did not answer for 3 s" },
  ] as const) {
    it.live(`P4: because of ${signal} is replaced, and then a plugin that ignores its stdin outlives no agent`, () =>
      Effect.gen(function* () {
        const { guards, kill, logs, plugin } = yield* startGuarded("ignores-the-end-of-its-stdin")
        const guard = yield* signalGuard(guards, signal)
        const line = yield* logs(words)
        assert.match(
          line,
          new RegExp(`The guard of the plugins \\(pid ${guard}\\) ${words}\\. Another one \\(pid \\d+\\)`),
        )
        yield* untilGone(guard)
        yield* kill
        yield* untilGone(plugin)
      }).pipe(Effect.provide(NodeServices.layer)),
    )
  }
})

describe.concurrent("P4: what a plugin has started is gone after its agent was killed, even if it", () => {
  for (const { exhibit, state } of [
    { state: "is in the plugin's group", exhibit: "leaves-a-grandchild" },
    { state: "is in another group", exhibit: "leaves-a-grandchild-in-another-group" },
    { state: "is in another session, and its parent is gone", exhibit: "leaves-an-orphan" },
  ]) {
    it.live(state, () =>
      Effect.gen(function* () {
        const { grandchild, guards, kill, plugin } = yield* startGuarded(exhibit, "its child")
        const running = guards()
        yield* kill
        yield* untilGone(plugin)
        yield* untilGone(grandchild)
        yield* Effect.forEach(running, untilGone)
      }).pipe(Effect.provide(NodeServices.layer)),
    )
  }
})
