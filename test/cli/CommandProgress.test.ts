import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ChangeEvent } from "../../src/agent/index.ts"
import { followProgress, lastLineOf } from "../../src/cli/CommandProgress.ts"
import { ResourceType } from "../../src/protocol/index.ts"

const changeOf = (label: string, operation: "create" | "noop" = "create") => ({
  label,
  operation,
  type: ResourceType.make("Suite::Of::Thing"),
  changed: [],
})
const command = { commandId: "c-1", forma: "shop" }
const planned = (...changes: ReadonlyArray<ReturnType<typeof changeOf>>): ChangeEvent => ({
  _tag: "Planned",
  ...command,
  changes: changes.map((change) => ({ ...change, dependsOn: [] })),
  usual: [],
})
const started = (label: string, forma = "shop"): ChangeEvent => ({
  _tag: "Started",
  ...command,
  forma,
  change: changeOf(label),
  action: "ensure",
})
const finished = (label: string): ChangeEvent => ({
  _tag: "Finished",
  ...command,
  result: {
    ...changeOf(label),
    status: "succeeded",
    nativeId: null,
    attempts: 1,
    crashes: [],
    durationMillis: 1,
    error: null,
  },
})

describe("the last line of a command that was stopped at once", () => {
  it.effect.each<[string, ReadonlyArray<ChangeEvent>, string]>([
    ["before it began", [], "Stopped. Nothing was under way."],
    ["with nothing to do", [planned(changeOf("a", "noop"))], "Stopped. Nothing was under way."],
    [
      "between two changes",
      [planned(changeOf("a"), changeOf("b")), started("a"), finished("a")],
      'Stopped. Nothing was under way; "formae resume shop" or the same command again continues.',
    ],
    [
      "with changes under way, also of what it had taken up",
      [started("old"), planned(changeOf("a")), started("a")],
      'Stopped. It is not known what became of old (create), a (create); "formae resume shop" or the same command again continues, and finds out first.',
    ],
    [
      "in a resume of several documents",
      [started("a"), started("a", "shed")],
      'Stopped. It is not known what became of a (create), a (create); "formae resume shop" and "formae resume shed" or the same command again continues, and finds out first.',
    ],
    ["with everything done", [planned(changeOf("a")), started("a"), finished("a")], "Stopped. Nothing was under way."],
  ])("%s", ([, events, line]) =>
    Effect.gen(function* () {
      const { follow, progress } = followProgress()
      yield* Effect.forEach(
        events,
        follow(() => Effect.void),
        { discard: true },
      )
      assert.strictEqual(lastLineOf(progress), line)
    }),
  )
})
