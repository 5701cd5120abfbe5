/** What a document takes for one of its parameters, and has not declared. */
import type { FormaIssue } from "../FormaDocument.ts"
import { knownNames } from "../nearestName.ts"
import type { Need } from "./Needs.ts"
import type { Parameter } from "./Parameter.ts"

export const unknownParameters = (
  needs: ReadonlyArray<Need>,
  declared: ReadonlyArray<Parameter>,
): ReadonlyArray<FormaIssue> => {
  const names = declared.map(({ name }) => name)
  return needs.flatMap(({ path, placeholder }) =>
    placeholder._tag !== "Param" || names.includes(placeholder.name)
      ? []
      : [
          {
            path,
            message: `the document has no parameter ${placeholder.name}; ${knownNames(placeholder.name, "parameters", names)}`,
          },
        ],
  )
}
