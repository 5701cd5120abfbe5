/** All that the command can do. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { adopt } from "./commands/adopt.ts"
import { agent } from "./commands/agent.ts"
import { apply } from "./commands/apply.ts"
import { cancel } from "./commands/cancel.ts"
import { cluster } from "./commands/cluster.ts"
import { commands } from "./commands/commands.ts"
import { destroy } from "./commands/destroy.ts"
import { discover } from "./commands/discover.ts"
import { doctor } from "./commands/doctor.ts"
import { drift } from "./commands/drift.ts"
import { events } from "./commands/events.ts"
import { forget } from "./commands/forget.ts"
import { generateTypes } from "./commands/generateTypes.ts"
import { graph } from "./commands/graph.ts"
import { importResources } from "./commands/importResources.ts"
import { inventory } from "./commands/inventory.ts"
import { output } from "./commands/output.ts"
import { mv } from "./commands/mv.ts"
import { plan } from "./commands/plan.ts"
import { plugin } from "./commands/plugin.ts"
import { plugins } from "./commands/plugins.ts"
import { policy } from "./commands/policy.ts"
import { resume } from "./commands/resume.ts"
import { show } from "./commands/show.ts"
import { stateCommand } from "./commands/state.ts"
import { sync } from "./commands/sync.ts"
import { showConfig } from "./commands/showConfig.ts"
import { trust } from "./commands/trust.ts"
import { unlock } from "./commands/unlock.ts"
import { validate } from "./commands/validate.ts"
import { makeHelp, wordsForHelp } from "./commands/help.ts"

/** By what they are for, as the help lists them. */
const groups = [
  { group: "Documents", commands: [plan, apply, destroy, validate, importResources] },
  { group: "Looking", commands: [inventory, show, drift, sync, discover, output, graph, generateTypes] },
  { group: "Putting right", commands: [doctor, resume, adopt, forget, mv, unlock, stateCommand] },
  { group: "The agent that stays", commands: [agent, cluster, commands, events, cancel] },
  { group: "Plugins, settings and trust", commands: [plugins, plugin, showConfig, policy, trust] },
] as const

const description = Command.withDescription(
  "Create, update and delete cloud resources until they are as a document says",
)

const formaeWithoutHelp = Command.make("formae").pipe(description, Command.withSubcommands(groups))

/** The whole command. `version` is printed by `--version`. */
export const makeFormae = (version: string) => {
  const help = makeHelp((path) =>
    // What is wrong with the words was said by then: the parser of the help would say it again.
    Effect.mapError(Command.runWith(formaeWithoutHelp, { version })(wordsForHelp(formaeWithoutHelp, path)), (error) =>
      error._tag === "CommandFailure" ? error : new CommandFailure({ exitCode: exitCodes.badInput, message: "" }),
    ),
  )
  return Command.make("formae").pipe(
    description,
    Command.withSubcommands([...groups, { group: "Help", commands: [help] }]),
  )
}
