/** The commands of an agent, as data: for an agent in memory, and for one in a process of its own. */

import * as Effect from "effect/Effect"
import type { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import type { ThingToImport } from "../../src/agent/commands/ImportRefused.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"

export type Command =
  /** `next` is a document that uses the outputs of the first one. */
  | {
      readonly command: "apply"
      readonly forma: Forma
      readonly next?: Forma
      /** The labels that it is limited to. */
      readonly only?: ReadonlyArray<string>
    }
  | { readonly command: "destroy"; readonly name: string }
  | { readonly command: "resume" }
  | { readonly command: "move"; readonly from: string; readonly to: string }
  /** What the state gets before the document is written, and after. */
  | { readonly command: "import"; readonly forma: Forma; readonly things: ReadonlyArray<ThingToImport> }

export const perform =
  (command: Command) =>
  (agent: Agent["Service"], options?: CommandOptions): ReturnType<Agent["Service"]["apply"]> => {
    switch (command.command) {
      case "apply":
        return applyBoth(agent, command, options)
      case "destroy":
        return agent.destroy(command.name, options)
      case "resume":
        return agent.resume(options)
      case "move":
        return Effect.orDie(agent.move({ label: command.from }, command.to))
      case "import": {
        const { forma, things } = command
        const taking = (isWritten: boolean) => Effect.orDie(agent.import(forma, things, { isWritten }))
        return Effect.andThen(taking(false), taking(true))
      }
    }
  }

const applyBoth = (
  agent: Agent["Service"],
  { forma, next, only }: Extract<Command, { readonly command: "apply" }>,
  options: CommandOptions | undefined,
): ReturnType<Agent["Service"]["apply"]> => {
  const first = agent.apply(forma, { ...options, only })
  if (next === undefined) return first
  return Effect.gen(function* () {
    const one = yield* first
    if (one.status === "failed") return one
    const two = yield* agent.apply(next, options)
    return { ...two, resources: [...one.resources, ...two.resources] }
  })
}
