/** Replacements that cannot create first, because what they need is itself deleted before it is created again. */
import type { FormaIssue, FormaResource } from "../forma/FormaDocument.ts"
import type { Change } from "./Change.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"
import { requiredCircles } from "./StepOrder.ts"

/** `changes` have each of these replacements as a create and a delete. */
export const createFirstCircles = (
  resources: ReadonlyArray<FormaResource>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> =>
  requiredCircles(changes).flatMap((steps) => {
    const replaced = steps
      .filter(({ action, change }) => action === "remove" && change.operation === "replace")
      .map(({ change }) => change.label)
    const others = replaced.join(", ")
    const isOne = replaced.length === 1
    return steps.flatMap(({ action, change }): ReadonlyArray<FormaIssue> => {
      const label = action === "remove" ? replacedLabelOf(change.label) : undefined
      const index = resources.findIndex((one) => one.label === label)
      const resource = resources[index]
      if (resource === undefined) return []
      const isRetained = resource.onRemove === "retain"
      const message = `${resource.label} cannot be created first, because ${others}, which it needs, ${isOne ? "is" : "are"} deleted before: give ${others} replace: createFirst too, or take ${isRetained ? "retain" : "createFirst"} out of ${resource.label}`
      return [{ path: ["resources", index, isRetained ? "onRemove" : "replace"], message }]
    })
  })
