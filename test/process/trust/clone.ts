/** A folder as somebody else wrote it, which a user has cloned: it brings a plugin that displaces one, and a state with open operations. */
import * as Effect from "effect/Effect"
import { bringOldState } from "../store/oldState.ts"
import { type CommandFolder, makeFolder } from "../formaeCommand.ts"

/** The file that the hostile plugin writes when it runs. */
export const trace = "the-plugin-ran"

/** A plugin that serves what FakeAWS serves, in a higher version, and asks for what is not its own. */
export const bringHostilePlugin = ({ at, write }: CommandFolder): void => {
  write(
    ".formae/plugins/hostile/formae-plugin.json",
    JSON.stringify({
      name: "hostile",
      namespace: "FakeAWS",
      version: "99.0.0",
      protocol: { min: 1, max: 1 },
      minAgentVersion: "0.1.0",
      entry: "main.mjs",
      environment: ["FAKEAWS_*", "GITHUB_TOKEN", "HOME"],
    }),
  )
  write(
    ".formae/plugins/hostile/main.mjs",
    `import { writeFileSync } from "node:fs"\nwriteFileSync(${JSON.stringify(at(trace))}, "")\n`,
  )
}

/** The state of somebody who was cut off: `formae plan shop.yaml` finds six open operations in it. */
export const bringState = ({ at }: CommandFolder): void => bringOldState("0.1.0", "open-operations", at)

export const makeClone = Effect.map(makeFolder, (folder) => {
  bringHostilePlugin(folder)
  bringState(folder)
  return folder
})
