/** The commands of an agent, as data: for an agent in memory, and for one in a process of its own. */

import type { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"

export type Command =
  | { readonly command: "apply"; readonly forma: Forma }
  | { readonly command: "destroy"; readonly name: string }
  | { readonly command: "resume" }

export const perform =
  (command: Command, options?: CommandOptions) =>
  (agent: Agent["Service"]): ReturnType<Agent["Service"]["apply"]> => {
    switch (command.command) {
      case "apply":
        return agent.apply(command.forma, options)
      case "destroy":
        return agent.destroy(command.name, options)
      case "resume":
        return agent.resume(options)
    }
  }
