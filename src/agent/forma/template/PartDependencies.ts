/** What depends on a part as a whole depends on each of its resources. */
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { nearestName } from "../nearestName.ts"
import { Allowance } from "./Allowance.ts"
import type { EvaluatedDocument } from "./evaluateDocument.ts"

type Content = EvaluatedDocument["content"]

const resourcesIn = ({ resources }: Content): ReadonlyArray<unknown> => (Array.isArray(resources) ? resources : [])

const labelsIn = (content: Content): ReadonlyArray<string> =>
  resourcesIn(content).flatMap((resource) => {
    const label = isRecord(resource) ? resource["label"] : undefined
    return typeof label === "string" ? [label] : []
  })

/** Puts the labels of parts in the place of their names. */
export class PartDependencies {
  /** The labels in each part and in its own parts, by the name of the part. */
  private readonly byPart = new Map<string, Array<string>>()
  private readonly labels = new Set<string>()
  private readonly allowance = new Allowance()

  constructor(documents: ReadonlyArray<EvaluatedDocument>) {
    for (const { content, within } of documents) {
      const labels = labelsIn(content)
      for (const label of labels) this.labels.add(label)
      for (const part of within) this.byPart.set(part, [...(this.byPart.get(part) ?? []), ...labels])
    }
  }

  private objectionTo(name: string): string | undefined {
    const labels = this.byPart.get(name)
    if (labels !== undefined) return this.allowance.spend(labels, 0)
    const nearest = this.labels.has(name) ? undefined : nearestName(name, this.byPart.keys())
    return nearest === undefined || nearestName(name, this.labels) !== undefined
      ? undefined
      : `there is no resource or part with the name ${name} to depend on; did you mean the part ${nearest}?`
  }

  private expand(dependsOn: ReadonlyArray<unknown>, at: FormaIssue["path"], issues: Array<FormaIssue>) {
    const more: Array<string> = []
    const first = dependsOn.flatMap((name, index) => {
      if (typeof name !== "string") return [name]
      const message = this.objectionTo(name)
      if (message !== undefined) issues.push({ path: [...at, index], message })
      const labels = message === undefined ? this.byPart.get(name) : undefined
      if (labels === undefined) return [name]
      // The others keep their places, for mistakes in them.
      more.push(...labels.slice(1))
      return labels.slice(0, 1)
    })
    return [...first, ...more]
  }

  /** The content of a document with labels in the place of parts. */
  fill(content: Content, issues: Array<FormaIssue>): Content {
    if (!Array.isArray(content["resources"])) return content
    const resources = resourcesIn(content).map((resource, index) => {
      if (!isRecord(resource) || !Array.isArray(resource["dependsOn"])) return resource
      const at = ["resources", index, "dependsOn"]
      return { ...resource, dependsOn: this.expand(resource["dependsOn"], at, issues) }
    })
    return { ...content, resources }
  }
}
