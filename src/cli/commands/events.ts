import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { operatorSettingsOf } from "../../agent/configuration/OperatorConfiguration.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { refused } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { openStateToRead } from "../openState.ts"
import { printJsonLine, printLast, printProgress } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, state, trust } from "../SharedFlags.ts"
import { agentFor } from "../staying/namedAgent.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { textFlag } from "../textFlag.ts"

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print each event as a JSON object on a line of its own"),
  Flag.withDefault(false),
)

const follow = Flag.Boolean("follow").pipe(
  Flag.withAlias("f"),
  Flag.withDescription(
    "Go on with the events that come, also over a restart of the agent. Without --after and --command it begins now; with --command it ends with the command",
  ),
  Flag.withDefault(false),
)

const after = Flag.Int("after").pipe(
  Flag.filter(
    (number) => number >= 0,
    () => "Expected 0 or the number of an event",
  ),
  Flag.withMetavar("NUMBER"),
  Flag.withDescription("Only the events after the one with this number, such as the last one that you have"),
  Flag.optional,
)

const command = textFlag("command").pipe(
  Flag.withMetavar("ID"),
  Flag.withDescription('Only the events of the command with this id, or its beginning; "formae commands" lists them'),
  Flag.optional,
)

const flags = { follow, after, command, json, state, config, trust }

export const events = Command.make("events", flags, ({ json: isJson, ...given }) =>
  Effect.gen(function* () {
    const settings = yield* readConfig(given.config)
    yield* requireTrust(given, settings, ["state"])
    const stateFile = stateFileOf(given, settings)
    const { makeDescribeEvent } = yield* Effect.promise(() => import("../events/describeEvent.ts"))
    const describe = makeDescribeEvent(operatorSettingsOf(settings.operator).retry)
    const wanted = { after: Option.getOrUndefined(given.after), command: Option.getOrUndefined(given.command) }
    const use = {
      handle: (event: Parameters<typeof describe>[0]) => {
        if (isJson) return printJsonLine(event)
        const line = describe(event)
        return line === undefined ? Effect.void : printLast(line)
      },
      onGone: (first: number) => printProgress(`The events before ${first} are not kept any more`),
    }
    const address = yield* agentFor(stateFile)
    if (address !== undefined) {
      const { readAgent } = yield* Effect.promise(() => import("../events/readAgent.ts"))
      return yield* readAgent(address, { ...wanted, follow: given.follow, waitMillis: settings.agent?.waitMillis }, use)
    }
    if (given.follow) {
      return yield* badInput(
        "AgentNotRunning",
        `No agent runs on the state ${stateFile}, and only an agent that stays logs events. "formae agent" runs one; without --follow you see what was logged`,
      )
    }
    const { readLog } = yield* Effect.promise(() => import("../events/readLog.ts"))
    const count = yield* Effect.provide(readLog(wanted, use), openStateToRead(stateFile))
    if (count === 0) yield* printProgress("No events were found. Only an agent that stays logs what happens")
  }).pipe(
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(isJson, "events"),
  ),
).pipe(
  Command.withDescription("Show what an agent that stays has done: its commands, plugins and changed settings"),
  Command.withExamples([
    { command: "formae events --follow", description: "Watch what happens from now on" },
    { command: "formae events --follow --command 0198c0de", description: "Watch one command to its end" },
    { command: "formae events --after 120 --json", description: "The events after number 120, for a program" },
  ]),
)
