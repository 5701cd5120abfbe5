/** What a command was limited to, in a line. */
import type { OnlyLabels } from "../../agent/index.ts"

/** So many labels are listed. */
const maxListed = 12

const whyAdded = ({ by, label, reason }: OnlyLabels["added"][number]): string => {
  switch (reason) {
    case "needed":
      return `${label} (${by} needs it)`
    case "dependent":
      return `${label} (depends on ${by}, which is replaced)`
    case "replaced":
      return `${label} (${by} replaces it)`
    case "renamed":
      return `${label} (was ${by} until now)`
  }
}

/** Such as `Only 2 of 9 resources: block, net (block needs it)`. */
export const onlyLine = ({ added, labels, of }: OnlyLabels): string => {
  const all = [...labels, ...added.map(whyAdded)]
  if (all.length === 0) return `None of ${of} resources: no label was chosen`
  const more = all.length > maxListed ? `, and ${all.length - maxListed} more` : ""
  return `Only ${all.length} of ${of} resources: ${all.slice(0, maxListed).join(", ")}${more}`
}
