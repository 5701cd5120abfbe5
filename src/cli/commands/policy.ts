import * as Command from "effect/cli/Command"
import { explainPolicy } from "./explainPolicy.ts"

export const policy = Command.make("policy").pipe(
  Command.withDescription("What the agent does to a plugin that crashes"),
  Command.withSubcommands([explainPolicy]),
)
