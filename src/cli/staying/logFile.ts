/** The log of an agent that runs in the background: a file beside the state that never grows without an end. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { chmodSync, constants, copyFileSync, fstatSync, ftruncateSync, mkdirSync, openSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/**
 * The log file of the agent on a state file. Only this user may read it. Each agent has its own: several states may be
 * in one folder, and the runners of a machine, which are known by their addresses, have one state.
 */
export const logFileOf = (stateFile: string, runner?: string): string => {
  const state = basename(stateFile)
  const ofState = /^state(\.db)?$/.test(state) ? "agent" : `${state}.agent`
  const ofRunner = runner === undefined ? "" : `-${runner.replaceAll(/[^\w.]+/g, "-")}`
  return join(dirname(stateFile), `${ofState}${ofRunner}.log`)
}

/** So large may a log become. Then it is `agent.log.1`, in the place of the one before, and a new one begins. */
export const maxLogBytes = 4 * 1024 * 1024

/** Opens the log to be written at its end. A link is refused. Gives its descriptor. */
export const openLog = (file: string): number => {
  const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_RDWR } = constants
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const descriptor = openSync(file, O_CREAT | O_APPEND | O_RDWR | O_NOFOLLOW, 0o600)
  chmodSync(file, 0o600)
  return descriptor
}

/** The variable by which an agent in the background knows its log. */
export const logVariable = "FORMAE_AGENT_LOG"

/** Begins a new log where the one that the descriptor has is too large. A writer at its end goes on at the new one. */
export const rotate = (descriptor: number, file: string, maxBytes = maxLogBytes): boolean => {
  if (fstatSync(descriptor).size <= maxBytes) return false
  copyFileSync(file, `${file}.1`)
  ftruncateSync(descriptor, 0)
  return true
}

/** What a process in the background writes goes there. */
const ownLog = 2

/** Looks after the log of this process, if it has one. */
export const keepLogSmall = Effect.suspend(() => {
  const file = process.env[logVariable]
  if (file === undefined) return Effect.void
  return Effect.ignore(
    Effect.try(() => rotate(ownLog, file)),
    { log: true },
  ).pipe(Effect.repeat(Schedule.spaced("10 seconds")), Effect.asVoid)
})
