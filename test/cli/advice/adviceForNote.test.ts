import { assert, describe, it } from "@effect/vitest"
import { commandErrorOf, Note, PluginQuarantined } from "../../../src/agent/index.ts"
import { adviceForNote } from "../../../src/cli/advice/adviceForNote.ts"

const command = { commandId: "c-1", command: "apply", forma: "shop" } as const
const quarantined = new PluginQuarantined({ plugin: "fake", restarts: 5, reason: "exited", at: 0 })

describe("the advice for a note", () => {
  it.each<[string, Note, string]>([
    [
      "a command that was cut off",
      Note.cases.Unfinished.make({ ...command, startedAt: 0, how: "cut off" }),
      '"formae resume shop" continues it',
    ],
    [
      "a command whose plugin is quarantined",
      Note.cases.NotResumed.make({ forma: "shop", command: "apply", error: commandErrorOf(quarantined) }),
      '"formae plugins release fake" brings it back',
    ],
    [
      "what an ended command has left open",
      Note.cases.LeftOpen.make({ forma: "shop", labels: ["old"] }),
      '"formae resume shop" continues it',
    ],
    [
      "what two changes of an ended command have left open",
      Note.cases.LeftOpen.make({ forma: "shop", labels: ["old", "older"] }),
      '"formae resume shop" continues them',
    ],
    [
      "what is left open in a forma whose name has a space",
      Note.cases.LeftOpen.make({ forma: "my shop", labels: ["old"] }),
      `"formae resume 'my shop'" continues it`,
    ],
    [
      "a create of which nobody knows whether it made something",
      Note.cases.Unsettled.make({ forma: "shop", labels: ["old"] }),
      'If it exists, run "formae adopt old NATIVE_ID --forma shop". If it does not, run "formae forget old --forma shop"',
    ],
    [
      "a row that cannot be read",
      Note.cases.JournalDamaged.make({ error: { code: "JournalUnreadable", message: "a row" } }),
      "",
    ],
    ["a name that may be a mistake", Note.cases.NameUnknown.make({ forma: "shed", known: ["shop"] }), ""],
  ])("%s", (_, note, advice) => {
    assert.strictEqual(adviceForNote(note), advice)
  })
})
