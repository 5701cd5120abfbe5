/** What an agent is told to do, as data: in memory, and in a process of its own. */
import * as Effect from "effect/Effect"
import type { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"

const quietly = () => Effect.void

export type Command =
  | { readonly command: "apply"; readonly forma: Forma }
  | { readonly command: "destroy"; readonly name: string }
  | { readonly command: "resume" }

export const perform =
  (what: Command) =>
  (agent: Agent["Service"]): ReturnType<Agent["Service"]["apply"]> => {
    switch (what.command) {
      case "apply":
        return agent.apply(what.forma, quietly)
      case "destroy":
        return agent.destroy(what.name, quietly)
      case "resume":
        return agent.resume(quietly)
    }
  }
