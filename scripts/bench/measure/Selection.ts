/** What is measured, of all that can be. */
import { bare, callers, type Entrant, floor, starters } from "../contestants/Entrant.ts"

export interface Selection {
  /** Those whose calls are measured, the floor first. Empty if no calls are. */
  readonly callers: ReadonlyArray<Entrant>
  /** Those whose start and memory are measured, bare Node first. Empty if no starts are. */
  readonly starters: ReadonlyArray<Entrant>
  readonly command: boolean
  readonly apply: boolean
  readonly scale: boolean
  readonly crowd: boolean
}

type Group = "calls" | "starts" | "command" | "apply" | "scale" | "crowd"

const groups: ReadonlyArray<Group> = ["calls", "starts", "command", "apply", "scale", "crowd"]

/** What can be selected: a group of figures, or an entrant. */
export const choices: ReadonlyArray<string> = [
  ...new Set([...groups, ...[...callers, ...starters].map(({ name }) => name)]),
]

/** Everything, or one of the `choices`. An entrant is measured beside the floor. */
export const select = (only: string | undefined): Selection => {
  const takes = (group: Group) => only === undefined || only === group
  const choose = (group: Group, entrants: ReadonlyArray<Entrant>, floor: Entrant) => {
    if (takes(group)) return entrants
    const chosen = entrants.filter(({ name }) => name === only)
    return chosen.length === 0 || only === floor.name ? chosen : [floor, ...chosen]
  }
  return {
    callers: choose("calls", callers, floor),
    starters: choose("starts", starters, bare),
    command: takes("command"),
    apply: takes("apply"),
    scale: takes("scale"),
    crowd: takes("crowd"),
  }
}

const needs = (need: Entrant["needs"]) => (entrant: Entrant) => entrant.needs === need

export const needsPeers = ({ callers, starters }: Selection): boolean => [...callers, ...starters].some(needs("peers"))

export const needsPlugins = ({ apply, callers, crowd, scale, starters }: Selection): boolean =>
  apply || scale || crowd || [...callers, ...starters].some(needs("plugins"))

export const withoutPeers = (selection: Selection): Selection => ({
  ...selection,
  callers: selection.callers.filter(({ needs }) => needs !== "peers"),
  starters: selection.starters.filter(({ needs }) => needs !== "peers"),
})
