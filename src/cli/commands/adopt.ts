import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { NativeId } from "../../protocol/index.ts"
import { changingCommand } from "../runOnAgent.ts"
import { config, forma, json, openLabel, plugins, state } from "../SharedFlags.ts"
import { named, refusedSettlement } from "../OpenOperation.ts"

const nativeId = Argument.String("native-id").pipe(
  Argument.withSchema(NativeId),
  Argument.withDescription("The identifier that the provider gave it"),
)

export const adopt = Command.make(
  "adopt",
  { label: openLabel, nativeId, forma, json, state, plugins, config },
  (flags) => changingCommand("adopt", flags, (agent) => agent.adopt(named(flags), flags.nativeId), refusedSettlement),
).pipe(
  Command.withDescription("Settle a create that needs attention: the resource is there, with this native id"),
  Command.withExamples([{ command: "formae adopt old widget-0a1b", description: "It was made after all" }]),
)
