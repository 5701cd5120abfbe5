/** What `formae doctor` says of the agent that stays and of its sockets. Pure. */
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../../agent/version.ts"
import { formatTime } from "../../protocol/formatTime.ts"
import type { FoundAgent } from "../staying/aboutAgent.ts"
import { fitsSocket, maxSocketBytes } from "../staying/socketPath.ts"
import { type Finding, ok, problem, warning } from "./Finding.ts"

/** One of the paths at which the agent of a state may listen. */
export interface SocketSeen {
  readonly path: string
  readonly folder: string
  /** Why its folder cannot have sockets. Undefined where it can. */
  readonly objection: string | undefined
  /**
   * What is there.
   *
   * - `Nothing`: no socket.
   * - `Stale`: a socket on which nobody listens.
   * - `Unused`: a socket in a folder that cannot have any.
   * - `Silent`: somebody listens who does not answer as an agent does, and why.
   * - `Answers`: the agent.
   */
  readonly found:
    | { readonly _tag: "Nothing" | "Stale" | "Unused" }
    | { readonly _tag: "Silent"; readonly why: string }
    | { readonly _tag: "Answers"; readonly agent: FoundAgent }
}

export interface AgentFacts {
  /** The best first. */
  readonly sockets: ReadonlyArray<SocketSeen>
  /** The process that holds the state and was started as an agent. */
  readonly holder: number | undefined
}

const ownFolder = "Set XDG_RUNTIME_DIR to a folder of your own that nobody else may enter"

const ownVersion = SemVer.format(agentVersion)

const answering = ({ listensAt, pid, socket, startedAt, version: its }: FoundAgent): Finding => {
  const says = `The agent ${its} (pid ${pid}) runs on the state since ${formatTime(startedAt)} and answers at ${listensAt === null ? socket : `${socket} and ${listensAt}`}`
  return its === ownVersion
    ? ok(says)
    : warning(
        `${says}. This command is ${ownVersion}`,
        '"formae agent stop", then "formae agent --detach", upgrades it',
      )
}

const findingOfSocket = ({ found, objection, path }: SocketSeen): ReadonlyArray<Finding> => {
  switch (found._tag) {
    case "Nothing":
      return []
    case "Answers":
      return [answering(found.agent)]
    case "Silent":
      return [
        problem(
          `Somebody listens at ${path} and does not answer as an agent does: ${found.why}`,
          'See what its log says, which is beside the state. "formae agent stop" ends an agent that holds the state',
        ),
      ]
    case "Stale":
      return [ok(`Nobody listens at ${path}: an agent was killed. The next one takes its place`)]
    case "Unused":
      return [warning(`The socket ${path} is not used: of its folder, ${objection}`, ownFolder)]
  }
}

/** All that is to be said, what answers first. */
export const agentFindings = ({ holder, sockets }: AgentFacts): ReadonlyArray<Finding> => {
  const seen = sockets.flatMap(findingOfSocket)
  const isReached = sockets.some(({ found }) => found._tag === "Answers" || found._tag === "Silent")
  const long = sockets.filter(({ path }) => !fitsSocket(path))
  const usable = sockets.some(({ objection, path }) => fitsSocket(path) && objection === undefined)
  return [
    ...seen,
    ...(holder === undefined || isReached
      ? []
      : [
          problem(
            `The agent (pid ${holder}) holds the state, and commands cannot reach it: its socket is gone`,
            'It listens again within some seconds. If it does not, "formae agent stop" ends it',
          ),
        ]),
    ...(seen.length === 0 && holder === undefined
      ? [ok("No agent runs on this state; commands run by themselves")]
      : []),
    ...long.map(({ path }) =>
      warning(
        `The agent does not listen at ${path}, which has ${Buffer.byteLength(path)} bytes: a socket's path may have ${maxSocketBytes}`,
        "It takes the next folder that will do. Set XDG_RUNTIME_DIR or TMPDIR to a shorter one if it should not",
      ),
    ),
    ...(usable || isReached
      ? []
      : [
          warning(
            `No agent can be started, because no folder can have its socket: ${sockets
              .filter(({ path }) => fitsSocket(path))
              .map(({ folder, objection }) => `${folder}: ${objection}`)
              .join("; ")}`,
            ownFolder,
          ),
        ]),
  ]
}
