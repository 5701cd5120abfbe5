/** How far a command has come, as far as its events say: what a signal has to wait for, and what is unknown if it does not wait. */
import type { ChangeEvent, ChangeObserver } from "../agent/apply/ChangeEvent.ts"

/** A resource whose change has started and has not ended. */
export interface UnderWay {
  readonly label: string
  readonly operation: string
  readonly forma: string
}

export interface CommandProgress {
  readonly underWay: () => ReadonlyArray<UnderWay>
  /** The ids of the commands that have begun, or that wait for others, in that order. */
  readonly commandIds: () => ReadonlyArray<string>
  /** The formae whose commands have begun, in that order. */
  readonly formae: () => ReadonlyArray<string>
  /** Those of them whose changes are not all made yet. */
  readonly unfinished: () => ReadonlyArray<string>
}

/** The progress of a command, and an observer that follows it before it calls `observe`. */
export const followProgress = (): {
  readonly progress: CommandProgress
  readonly follow: (observe: ChangeObserver) => ChangeObserver
} => {
  const underWay = new Map<string, UnderWay>()
  const left = new Map<string, Set<string>>()
  const begun = new Set<string>()
  const commandIds = new Set<string>()
  const keyOf = (forma: string, label: string) => `${forma}/${label}`

  const note = (event: ChangeEvent): void => {
    if (event._tag !== "Resuming") commandIds.add(event.commandId)
    switch (event._tag) {
      case "Began":
        begun.add(event.forma)
        return
      case "Planned": {
        const labels = event.changes.filter(({ operation }) => operation !== "noop").map(({ label }) => label)
        left.set(event.forma, new Set(labels))
        return
      }
      case "Started": {
        const { label, operation } = event.change
        underWay.set(keyOf(event.forma, label), { label, operation, forma: event.forma })
        return
      }
      case "Finished":
        underWay.delete(keyOf(event.forma, event.result.label))
        left.get(event.forma)?.delete(event.result.label)
        return
      default:
        return
    }
  }

  return {
    progress: {
      underWay: () => [...underWay.values()],
      commandIds: () => [...commandIds],
      formae: () => [...begun],
      unfinished: () => [
        ...new Set([
          ...[...left].filter(([, labels]) => labels.size > 0).map(([forma]) => forma),
          ...[...underWay.values()].map(({ forma }) => forma),
        ]),
      ],
    },
    follow: (observe) => (event) => {
      note(event)
      return observe(event)
    },
  }
}

/** The last line of a command that was stopped at once: what is unknown, and which command continues it. */
export const lastLineOf = (progress: CommandProgress): string => {
  const unknown = progress.underWay().map(({ label, operation }) => `${label} (${operation})`)
  const unfinished = progress.unfinished()
  if (unfinished.length === 0) return "Stopped. Nothing was under way."
  const continuing = unfinished.map((forma) => `"formae resume ${forma}"`).join(" and ")
  const continues = `${continuing} or the same command again continues`
  return unknown.length === 0
    ? `Stopped. Nothing was under way; ${continues}.`
    : `Stopped. It is not known what became of ${unknown.join(", ")}; ${continues}, and finds out first.`
}
