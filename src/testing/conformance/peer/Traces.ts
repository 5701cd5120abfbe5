/** What a run has made and not deleted again, and what it was told. */
import type { NativeId } from "../../../protocol/Identity.ts"
import type { TypeAtTarget } from "./TypeAtTarget.ts"

/** A resource that is there because of the run. */
export interface MadeResource extends TypeAtTarget {
  readonly nativeId: NativeId
}

/** What was answered to a call; the message, where it was an error. */
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
