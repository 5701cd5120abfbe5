import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { formatTime } from "../../protocol/formatTime.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { clusterFlags, objectionWithoutCluster } from "../cluster/clusterFlags.ts"
import { badInput } from "../CommandFailure.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags, config, json, state, trust } from "../SharedFlags.ts"
import { findAgent } from "../staying/findAgent.ts"
import { aboutAgent, type FoundAgent } from "../staying/aboutAgent.ts"
import { listenFlags } from "../staying/listenFlags.ts"
import { lookForAgent, type Looked } from "../staying/lookForAgent.ts"
import { refuseElsewhere } from "../staying/namedAgent.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { agentToken } from "./agentToken.ts"

const detach = Flag.Boolean("detach").pipe(
  Flag.withDescription("Start the agent in the background, wait until it answers, and print where it is"),
  Flag.withDefault(false),
)

const { json: _json, ...startFlags } = agentFlags

/** One that holds the state and is not known to be an agent is not stopped: it may be a command. */
const pidOf = (looked: Looked, stateFile: string) => {
  if (looked._tag === "None") return Effect.undefined
  if (looked._tag === "Answers") return Effect.succeed(looked.agent.pid)
  const { failure, holder, isAgent } = looked
  return isAgent ? Effect.succeed(holder.pid) : (failure ?? badInput("StateInUse", describeHeld(looked, stateFile)))
}

const describeHeld = ({ holder, isAgent }: Extract<Looked, { _tag: "Held" }>, stateFile: string): string => {
  const { pid, since } = holder
  return isAgent
    ? `An agent (pid ${pid}) holds the state ${stateFile} since ${formatTime(since)}, and does not answer. If its socket was removed, it listens again within seconds; "formae agent stop" stops it`
    : `No agent answers, and a formae (pid ${pid}) holds the state ${stateFile} since ${formatTime(since)}: probably a command, which ends by itself`
}

/** Its socket, and its address where it has one. Who asks it at the address knows that already. */
const placesOf = ({ listensAt, socket }: Pick<FoundAgent, "listensAt" | "socket">): string =>
  listensAt === null || /^https?:/.test(socket) ? socket : `${socket} and ${listensAt}`

const stop = Command.make("stop", { json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    yield* refuseElsewhere("agent stop")
    const { looked, stateFile } = yield* lookForAgent(flags)
    const pid = yield* pidOf(looked, stateFile)
    const { endAgent } = yield* Effect.promise(() => import("../staying/endAgent.ts"))
    if (pid !== undefined) yield* endAgent(pid)
    yield* flags.json
      ? printJson({ command: "agent stop", status: "succeeded", pid: pid ?? null })
      : printLast(
          pid === undefined
            ? `No agent runs on the state ${stateFile}`
            : `The agent (pid ${pid}) has stopped. What it has not finished, the next "formae agent" continues`,
        )
  }).pipe(withJsonError(flags.json, "agent stop")),
).pipe(
  Command.withDescription(
    "Stop the agent of the state: what is under way comes to a safe point, and the next agent continues",
  ),
)

const status = Command.make("status", { json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    const { looked, stateFile } = yield* lookForAgent(flags)
    const found = looked._tag === "Answers" ? looked.agent : undefined
    const isElsewhere = found?.socket === stateFile
    const holder = looked._tag === "Held" ? looked.holder : undefined
    if (flags.json) {
      const held = holder === undefined ? {} : { holder: { pid: holder.pid, since: holder.since } }
      return yield* printJson({
        command: "agent status",
        status: "succeeded",
        stateFile: isElsewhere ? null : stateFile,
        agent: found ?? null,
        ...held,
      })
    }
    if (looked._tag === "Held") return yield* printLast(describeHeld(looked, stateFile))
    if (found === undefined) return yield* printLast(`No agent runs on the state ${stateFile}`)
    const { lastEvent, pid, startedAt, version } = found
    yield* printLast(
      `The agent ${version} (pid ${pid}) runs${isElsewhere ? "" : ` on the state ${stateFile}`} since ${formatTime(startedAt)}`,
      `It listens at ${placesOf(found)}; its last event is ${lastEvent}`,
    )
  }).pipe(withJsonError(flags.json, "agent status")),
).pipe(Command.withDescription("Say whether an agent runs on the state, and where it listens"))

export const agent = Command.make("agent", { ...startFlags, ...listenFlags, ...clusterFlags, detach }, (given) =>
  Effect.gen(function* () {
    const flags = { ...given, json: false }
    const objection = objectionWithoutCluster(flags)
    if (objection !== undefined) return yield* badInput("ClusterRefused", objection)
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["plugins", "state"])
    const stateFile = stateFileOf(flags, settings)
    // Runners share their state, also those of one machine.
    const socket = Option.isSome(flags.cluster) ? undefined : yield* findAgent(stateFile)
    if (socket !== undefined) {
      const { pid } = yield* aboutAgent({ socket })
      return yield* badInput(
        "AgentRuns",
        `An agent (pid ${pid}) runs on the state ${stateFile} already. "formae agent stop" stops it`,
      )
    }
    if (!flags.detach) {
      const { runAgent } = yield* Effect.promise(() => import("../staying/runAgent.ts"))
      return yield* runAgent(flags)
    }
    const { startDetached } = yield* Effect.promise(() => import("../staying/detach.ts"))
    const { about, listensAt, log, pid } = yield* startDetached(flags, stateFile)
    yield* about === undefined
      ? printLast(
          `The agent (pid ${pid}) is a runner of the cluster on ${stateFile}`,
          `It ${listensAt === undefined ? "" : `listens at ${listensAt} and `}writes its log to ${log}`,
        )
      : printLast(
          `The agent (pid ${pid}) runs on the state ${stateFile}`,
          `It listens at ${placesOf(about)} and writes its log to ${log}`,
        )
  }),
).pipe(
  Command.withDescription(
    "Run the agent that stays: it holds the state, keeps plugins running, and runs the commands of this folder side by side until it is stopped",
  ),
  Command.withSubcommands([stop, status, agentToken]),
  Command.withExamples([
    { command: "formae agent", description: "Run it in this terminal until Ctrl-C" },
    { command: "formae agent --detach", description: "Leave it in the background" },
    { command: "formae agent --listen 127.0.0.1:7777", description: "Answer callers with a token too" },
  ]),
)
