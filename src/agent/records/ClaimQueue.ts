/** Who has claimed what, and who waits: a value, and pure functions of it. Requests that overlap are served in the order in which they came. */
import { nameKey } from "../forma/FormaName.ts"

/** What a command claims. Two claims overlap if they have anything in common. */
export interface ClaimSet {
  /** The names of formae. Those that differ only in capitals or in how accents are written overlap, and `all` overlaps with every name and with itself. */
  readonly documents: ReadonlyArray<string> | "all"
  /** Resources that exist. */
  readonly identities: ReadonlyArray<string>
  /** Names of resources that are about to be created. */
  readonly names: ReadonlyArray<string>
}

export const nothing: ClaimSet = { documents: [], identities: [], names: [] }

export interface ClaimRequest {
  readonly set: ClaimSet
}

/** A request is in one of the two, in the order in which they came. */
export interface ClaimQueue<R extends ClaimRequest> {
  readonly granted: ReadonlyArray<R>
  readonly waiting: ReadonlyArray<R>
}

export const emptyQueue = { granted: [], waiting: [] } as const satisfies ClaimQueue<never>

const haveCommon = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean => {
  if (some.length === 0 || others.length === 0) return false
  const known = new Set(some)
  return others.some((one) => known.has(one))
}

const documentsOverlap = (some: ClaimSet["documents"], others: ClaimSet["documents"]): boolean => {
  if (some === "all") return others === "all" || others.length > 0
  // Of two similar names that are new, the second one is refused once the state has the first one.
  return others === "all" ? some.length > 0 : haveCommon(some.map(nameKey), others.map(nameKey))
}

export const overlaps = (one: ClaimSet, other: ClaimSet): boolean =>
  documentsOverlap(one.documents, other.documents) ||
  haveCommon(one.identities, other.identities) ||
  haveCommon(one.names, other.names)

/** Grants each waiting request that overlaps with none that is granted, and with none that came before it. */
const grant = <R extends ClaimRequest>({ granted, waiting }: ClaimQueue<R>): ClaimQueue<R> => {
  const ahead = [...granted]
  const now: Array<R> = [...granted]
  const later: Array<R> = []
  for (const request of waiting) {
    if (ahead.some(({ set }) => overlaps(set, request.set))) later.push(request)
    else now.push(request)
    ahead.push(request)
  }
  return { granted: now, waiting: later }
}

/** Adds a request, which is granted at once or waits. */
export const enter = <R extends ClaimRequest>({ granted, waiting }: ClaimQueue<R>, request: R): ClaimQueue<R> =>
  grant({ granted, waiting: [...waiting, request] })

/** Removes a request, whether it was granted or not. Does nothing where it is not in the queue. */
export const leave = <R extends ClaimRequest>({ granted, waiting }: ClaimQueue<R>, request: R): ClaimQueue<R> =>
  grant({ granted: granted.filter((one) => one !== request), waiting: waiting.filter((one) => one !== request) })

/** What a waiting request waits for: the first one that overlaps with it. */
export const blockerOf = <R extends ClaimRequest>({ granted, waiting }: ClaimQueue<R>, request: R): R | undefined =>
  [...granted, ...waiting.slice(0, waiting.indexOf(request))].find(({ set }) => overlaps(set, request.set))

/** Whether all that `part` has is in `whole`. */
export const covers = (whole: ClaimSet, part: ClaimSet): boolean => {
  const hasAll = (have: ReadonlyArray<string>, wanted: ReadonlyArray<string>) => {
    const known = new Set(have)
    return wanted.every((one) => known.has(one))
  }
  const hasDocuments =
    whole.documents === "all" || (part.documents !== "all" && hasAll(whole.documents, part.documents))
  return hasDocuments && hasAll(whole.identities, part.identities) && hasAll(whole.names, part.names)
}
