/** The agent at an address that the environment names, in the place of one on this machine. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { HostEnvironment } from "../../agent/index.ts"
import type { AgentAddress } from "../../control/remote/AgentAddress.ts"
import { isLoopback } from "../../platform/hosts.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"
import { findAgent } from "./findAgent.ts"

/** An agent at an address, and not at a socket of this user. */
export type NamedAgent = Extract<AgentAddress, { readonly url: string }>

/** Where commands find an agent that is on another machine. */
export const agentVariables = {
  url: "FORMAE_AGENT",
  token: "FORMAE_AGENT_TOKEN",
  tokenFile: "FORMAE_AGENT_TOKEN_FILE",
  ca: "FORMAE_AGENT_CA",
} as const

const refuse = (message: string) => badInput("AgentAddressInvalid", message)

/** A token that is sent without TLS can be read on the way. */
const isSafe = ({ hostname, protocol }: URL): boolean =>
  protocol === "https:" || (protocol === "http:" && isLoopback(hostname))

const urlOf = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Undefined where the environment names none. Fails where what it says cannot be used. */
export const namedAgent = Effect.gen(function* () {
  const environment = yield* HostEnvironment
  // What is empty is not set, as in a recipe of a CI.
  const valueOf = (name: string) => (environment[name] === "" ? undefined : environment[name])
  const text = valueOf(agentVariables.url)
  if (text === undefined) return undefined
  const url = urlOf(text)
  if (url === undefined || url.pathname !== "/" || url.username !== "" || url.search !== "" || url.hash !== "") {
    return yield* refuse(`${agentVariables.url}: Expected the URL of an agent, such as https://agent.example:7777`)
  }
  if (!isSafe(url)) {
    return yield* refuse(
      `${agentVariables.url}: ${url.origin} is not reached by HTTPS, so the token and the documents could be read on the way. Without HTTPS only an agent of this machine may be named`,
    )
  }
  const file = valueOf(agentVariables.tokenFile)
  const token =
    valueOf(agentVariables.token) ?? (file === undefined ? undefined : (yield* readInput("token", file)).trim())
  if (token === undefined || !/^\S+$/.test(token)) {
    return yield* refuse(
      `${agentVariables.url} names the agent at ${url.origin}, and there is no token for it. Set ${agentVariables.token}, or ${agentVariables.tokenFile} to a file with it; "formae agent token add" makes one where the agent runs`,
    )
  }
  const ca = valueOf(agentVariables.ca)
  return {
    url: url.origin,
    token: Redacted.make(token, { label: "token" }),
    ...(ca === undefined ? {} : { ca: yield* readInput("certificate", ca) }),
  } satisfies NamedAgent as NamedAgent
})

/** The agent that a command asks: the one that the environment names, or the one that runs on its state. Undefined where there is none. */
export const agentFor = Effect.fnUntraced(function* (stateFile: string) {
  const named = yield* namedAgent
  if (named !== undefined) return named satisfies AgentAddress as AgentAddress
  const socket = yield* findAgent(stateFile)
  return socket === undefined ? undefined : { socket }
})

/** Fails where the environment names an agent: what is done to a state itself is done where it is. */
export const refuseElsewhere = (command: string): Effect.Effect<void, CommandFailure, never> =>
  Effect.flatMap(HostEnvironment, (environment) => {
    const url = environment[agentVariables.url]
    if (url === undefined || url === "") return Effect.void
    return badInput(
      "AgentElsewhere",
      `${agentVariables.url} names an agent, and "formae ${command}" works on a state on this machine. Run it where the agent runs, or without ${agentVariables.url}`,
    )
  })
