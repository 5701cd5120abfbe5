import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { NativeId } from "../../protocol/index.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { forma, label, nameOf, settleFailure } from "../SettlementFlags.ts"
import { agentFlags } from "../SharedFlags.ts"

const nativeId = Argument.String("native-id").pipe(
  Argument.withSchema(NativeId),
  Argument.withDescription("The id that the provider gave the resource"),
)

export const adopt = Command.make("adopt", { label, nativeId, forma, ...agentFlags }, (flags) =>
  runOnAgent("adopt", flags, (agent) => agent.adopt(nameOf(flags), flags.nativeId), settleFailure),
).pipe(
  Command.withDescription("Settle a create that needs attention: the resource exists, with this native id"),
  Command.withExamples([{ command: "formae adopt old widget-0a1b", description: "It was created after all" }]),
)
