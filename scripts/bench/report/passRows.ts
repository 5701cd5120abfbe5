/** The rows of the commands that go through all resources of a state: whether they stay linear, and what they hold. */
import { maxPassGrowth } from "./Goal.ts"
import { passNames, type PassResult, type Results } from "./Results.ts"

const valueOf = (passes: ReadonlyArray<PassResult>): string => {
  const first = passes[0]
  const last = passes.at(-1)
  if (first === undefined || last === undefined) return "-"
  const millis = ({ cpuMillis, resources }: PassResult) => cpuMillis / resources
  const grown = Number((millis(last) / millis(first)).toFixed(2))
  const all = passes.map(
    (one) => `${one.resources}: ${millis(one).toFixed(3)} ms for each, peak ${one.peakMiB.toFixed(0)} MiB`,
  )
  return `${grown.toFixed(2)}${grown <= maxPassGrowth ? "" : " ✗"} (${all.join("; ")})`
}

/** A title, a goal and a value for each command that was measured. */
export const passRows = ({
  filePasses,
  postgresPasses,
}: Results): ReadonlyArray<readonly [title: string, goal: string, value: string]> =>
  [
    { where: "in a file", passes: filePasses },
    { where: "over Postgres", passes: postgresPasses },
  ].flatMap(({ passes, where }) =>
    passNames.flatMap((name) => {
      const own = passes.filter((one) => one.name === name)
      const last = own.at(-1)
      if (last === undefined) return []
      const title = `${name} of ${last.resources} resources ${where}: agent CPU for each, in times of ${own[0]?.resources}`
      return [[title, `≤ ${maxPassGrowth}`, valueOf(own)] as const]
    }),
  )
