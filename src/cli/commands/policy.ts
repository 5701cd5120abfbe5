import * as Command from "effect/cli/Command"
import { explainPolicy } from "./explainPolicy.ts"

export const policy = Command.make("policy").pipe(
  Command.withDescription("Explain what the agent does when a plugin crashes"),
  Command.withSubcommands([explainPolicy]),
)
