/**
 * What a signal does to a command whose work is done by an agent in another
 * process. At a terminal the first Ctrl-C asks whether to leave the work to the
 * agent, to cancel it, or to go on; the second one leaves it. Where nobody can be
 * asked, Ctrl-C cancels as it does without an agent. SIGTERM and SIGHUP are for
 * this process alone: the work goes on.
 */
import type { StopSignal } from "../platform/stopSignals.ts"
import type { CommandProgress } from "./CommandProgress.ts"

export interface Detaching {
  /** Asks what to do. Undefined where nobody could answer. */
  readonly ask: (() => void) | undefined
  isAsking: boolean
  /** Whether the agent goes on without this process. */
  isDetached: boolean
}

/** What follows: `here` is as without an agent. */
export const onSignalElsewhere = (
  detaching: Detaching,
  signal: StopSignal,
  progress: Pick<CommandProgress, "commandIds"> | undefined,
): "asking" | "detached" | "here" => {
  const hasBegun = progress !== undefined && progress.commandIds().length > 0
  // Nobody would find again what has no id yet.
  if (!hasBegun) return "here"
  const isPressed = signal === "SIGINT" || signal === "SIGBREAK"
  if (isPressed && detaching.ask === undefined) return "here"
  if (isPressed && !detaching.isAsking) {
    detaching.isAsking = true
    detaching.ask?.()
    return "asking"
  }
  detaching.isDetached = true
  return "detached"
}

export type DetachAnswer = "detach" | "cancel" | "continue"

/** What is typed after the question. Where the input ends, as by Ctrl-C, nobody waits any more. */
export const detachAnswerOf = (typed: string | undefined): DetachAnswer => {
  const word = typed?.trim().toLowerCase()
  if (word === undefined || /^d(etach)?$/.test(word)) return "detach"
  return /^c(ancel)?$/.test(word) ? "cancel" : "continue"
}

export const detachQuestion: ReadonlyArray<string> = [
  "The agent does this work, and can go on with it without you.",
  "Type d to leave it to the agent, or c to cancel it at the next safe point. Anything else, or Enter, goes on watching. Ctrl-C again leaves it. [d/c]",
]

type Begun = Pick<CommandProgress, "commandIds" | "formae">

const whatOf = (progress: Begun): string => {
  const formae = progress.formae()
  return formae.length === 0 ? "The command" : `The work on ${formae.join(", ")}`
}

/** How to look at a command that goes on without this process. */
const waysTo = (progress: Begun): string => {
  const [id = "", ...more] = progress.commandIds()
  const follow = more.length > 0 ? "formae events --follow" : `formae events --follow --command ${id}`
  return `"formae commands" lists it, "${follow}" shows it, and "formae cancel ${id}" ends it`
}

/** The last line of a command that was left to the agent: how to look at it. */
export const detachedLineOf = (progress: Begun): string =>
  `${whatOf(progress)} goes on in the agent. ${waysTo(progress)}.`

/** The last line of a command whose agent does not come back: it goes on as soon as there is one that can do it. */
export const lostLineOf = (progress: Begun): string =>
  `${whatOf(progress)} was not canceled, and its end is not known here. Once an agent answers, ${waysTo(progress)}. The same command again waits for it first`
