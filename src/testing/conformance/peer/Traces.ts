/** What a run leaves: the resources that it has made and not deleted, and the answers that it got. */
import type { NativeId } from "../../../protocol/Identity.ts"
import type { TypeAtTarget } from "./TypeAtTarget.ts"

/** A resource that exists because of the run. */
export interface MadeResource extends TypeAtTarget {
  readonly nativeId: NativeId
}

/** What a call was answered with; the message, if that was an error. */
export interface TracedAnswer {
  readonly operation: string
  readonly value: unknown
}

export interface Traces {
  /** In the order in which they were made. */
  readonly made: () => ReadonlyArray<MadeResource>
  readonly addMade: (resource: MadeResource) => void
  readonly removeMade: (resource: Pick<MadeResource, "type" | "nativeId">) => void
  readonly answers: () => ReadonlyArray<TracedAnswer>
  readonly addAnswer: (answer: TracedAnswer) => void
}

export const makeTraces = (): Traces => {
  const made = new Map<string, MadeResource>()
  const answers: Array<TracedAnswer> = []
  const key = ({ nativeId, type }: Pick<MadeResource, "type" | "nativeId">) => `${type} ${nativeId}`
  return {
    made: () => [...made.values()],
    addMade: (resource) => void made.set(key(resource), resource),
    removeMade: (resource) => void made.delete(key(resource)),
    answers: () => answers,
    addAnswer: (answer) => void answers.push(answer),
  }
}
