/** Where a document came from, and whether the state may take it for the one that it knows by the same name. */
import * as Schema from "effect/Schema"
import type { Properties } from "../../protocol/Resource.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { nameKey } from "../forma/FormaName.ts"

/** A resource that a document wants, by which it is recognized. */
export interface WantedByDocument {
  /** Its name in the document. */
  readonly label: string
  /** Its resource type. */
  readonly type: string
  /** As they are in the document, with references. */
  readonly properties?: Properties | undefined
}

/** Where the document of a forma was read. */
export interface DocumentSource {
  /** Its absolute path, with links resolved. Null where it has none, such as in a pipe. */
  readonly path: string | null
  /** The path from the folder of the state file, which stays the same where both are moved together. */
  readonly relativePath: string | null
  /** Whether the document or its user says its name. Otherwise the name is that of its file. */
  readonly isNamed: boolean
  /** The name that formae 0.1.0 made of the name of its file, and the other documents next to it with that name. */
  readonly earlier?: { readonly name: string; readonly siblings: ReadonlyArray<Sibling> } | undefined
  /** The user says that it is the document that the state knows from another place. */
  readonly hasMoved?: boolean | undefined
  /** What it wants. */
  readonly resources: ReadonlyArray<WantedByDocument>
}

/** A document in the same folder. */
export interface Sibling {
  /** As it can be named to the user. */
  readonly path: string
  /** What it wants. */
  readonly resources: ReadonlyArray<WantedByDocument>
}

/** A resource that exists or may exist. */
export interface RecordedResource {
  readonly forma: string
  readonly label: string
  readonly type: string
  /** What was asked for last. */
  readonly desired: Properties
}

/** What the state knows about the document of a forma. */
export interface KnownDocument {
  /** Its name. */
  readonly forma: string
  /** Its absolute path. Null where it had no file. */
  readonly path: string | null
  /** The path from the folder of the state file. */
  readonly relativePath: string | null
  /** The name that it had in 0.1.0. */
  readonly adoptedFrom: string | null
}

/** What the state knows about all documents. */
export interface DocumentRecords {
  readonly documents: ReadonlyArray<KnownDocument>
  /** Those of its name, and of the name that it had in 0.1.0. */
  readonly resources: ReadonlyArray<RecordedResource>
  /** The names of all formae that have resources, or may get some. */
  readonly formae: ReadonlyArray<string>
}

const refusedDocument = {
  /** The name of the document that was refused. */
  forma: Schema.String,
  /** Where it is. Null where it has no file. */
  path: Schema.NullOr(Schema.String),
}

/** An intersection, because a spread would lose the comments. */
const ofDocument = <Fields>(fields: Fields): typeof refusedDocument & Fields => ({ ...refusedDocument, ...fields })

/**
 * Why a document cannot have the resources of its name.
 *
 * - `OtherPlace`: the state knows the document of this name from another place.
 * - `SimilarName`: it has no resources yet, and the state has resources of a name
 *   that differs only in capitals or in how accents are written.
 * - `SeveralOwners`: in 0.1.0 several documents had the same name, and the state
 *   cannot know whose resources it has.
 * - `EarlierNameTaken`: in 0.1.0 it had the same name as another document, which
 *   has the resources now.
 */
export const ConflictReason = Schema.TaggedUnion({
  OtherPlace: ofDocument({
    /** Where the state knows it from. Null where that was no file. */
    knownPath: Schema.NullOr(Schema.String),
  }),
  SimilarName: ofDocument({
    /** The name that the state has. */
    knownForma: Schema.String,
    /** Where the state knows its document from. Null where that was no file, or where it is not known. */
    knownPath: Schema.NullOr(Schema.String),
  }),
  SeveralOwners: ofDocument({
    /** The name that they had in 0.1.0. */
    earlierName: Schema.String,
    /** The other documents. */
    others: Schema.Array(Schema.String),
  }),
  EarlierNameTaken: ofDocument({
    /** The name that both had in 0.1.0. */
    earlierName: Schema.String,
    /** The document that has the resources now. */
    owner: Schema.String,
  }),
})
export type ConflictReason = typeof ConflictReason.Type | never

/** The document cannot be told from another one. Nothing was done. */
export class DocumentConflict extends Schema.TaggedError<DocumentConflict>("formae/agent/records/DocumentConflict")(
  "DocumentConflict",
  {
    reason: ConflictReason,
  },
) {
  // Inferred from the schema, the type would be written out instead of named.
  /** What the state knows, and why that is not enough. */
  declare readonly reason: ConflictReason

  override get message(): string {
    const { reason } = this
    const document = placeOf(reason.path)
    switch (reason._tag) {
      case "OtherPlace":
        return `${document} has the name ${reason.forma}, but the resources of ${reason.forma} belong to ${placeOf(reason.knownPath)}. Nothing was changed. If these are two documents, write "name:" and a name of its own into one of them`
      case "SimilarName":
        return `${document} has the name ${reason.forma}, and the state has resources of ${reason.knownForma}${reason.knownPath === null ? "" : `, from ${reason.knownPath}`}. These names differ only in capitals or in how accents are written, and on some file systems their files are one. Nothing was changed. If it is the document of these resources, write "name: ${reason.knownForma}" into it. If it is another one, write "name:" and a name of its own into it, with other letters`
      case "SeveralOwners":
        return `The state has resources of ${reason.earlierName}, and formae 0.1.0 used this name for several documents: ${[document, ...reason.others].join(", ")}. Nothing was changed. Write "name: ${reason.earlierName}" into the one that they belong to, and "name:" with another name into the others`
      case "EarlierNameTaken":
        return `${document} had the same name as ${reason.owner} in formae 0.1.0, ${reason.earlierName}, and the resources of that name belong to ${reason.owner} now. Nothing was changed. Write "name:" and a name of its own into ${document}`
    }
  }
}

const placeOf = (path: string | null): string => path ?? "a document without a file"

/**
 * What a state makes of a document and its name.
 *
 * - `Known`: the name is its own.
 * - `Moved`: it has its name, but was somewhere else.
 * - `Adopt`: the resources of the name that 0.1.0 made of that of its file are its
 *   own.
 * - `Refuse`: it cannot be told from another document.
 */
export type NameDecision =
  | { readonly _tag: "Known" }
  | {
      readonly _tag: "Moved"
      /** Where it was. Null where it had no file. */
      readonly from: string | null
    }
  | {
      readonly _tag: "Adopt"
      /** The name that 0.1.0 used. */
      readonly earlierName: string
    }
  | {
      readonly _tag: "Refuse"
      /** Why. */
      readonly reason: ConflictReason
    }

const known: NameDecision = { _tag: "Known" }

/** Decides whether a document may have the resources of its name. The first rule that fits holds. */
export const decideName = (forma: string, source: DocumentSource, records: DocumentRecords): NameDecision => {
  const { earlier, path } = source
  const rowsOf = (name: string) => records.resources.filter((one) => one.forma === name)
  const isUsed = (name: string) => records.formae.includes(name)
  const find = (name: string) => records.documents.find((one) => one.forma === name)
  const refuse = (reason: ConflictReason): NameDecision => ({ _tag: "Refuse", reason })

  const own = find(forma)
  if (own !== undefined && isUsed(forma)) {
    if (isSamePlace(own, source)) return known
    if (source.isNamed || source.hasMoved === true) return { _tag: "Moved", from: own.path }
    return refuse({ _tag: "OtherPlace", forma, path, knownPath: own.path })
  }
  const similar = records.formae.find((one) => nameKey(one) === nameKey(forma))
  if (similar !== undefined && !isUsed(forma)) {
    const knownPath = find(similar)?.path ?? null
    return refuse({ _tag: "SimilarName", forma, path, knownForma: similar, knownPath })
  }
  if (source.isNamed || earlier === undefined) return known

  const heir = records.documents.find(
    (one) => one.adoptedFrom !== null && [forma, earlier.name].includes(one.adoptedFrom) && isUsed(one.forma),
  )
  if (heir !== undefined) {
    const owner = heir.path ?? heir.forma
    return refuse({ _tag: "EarlierNameTaken", forma, path, earlierName: earlier.name, owner })
  }
  if (isUsed(forma) && forma !== earlier.name) return known
  const rows = rowsOf(earlier.name)
  // A name that 0.1.0 made says little. That the document wants one of the resources says more.
  if (find(earlier.name) !== undefined || !wantsOneOf(source.resources, rows)) return known
  const rivals = earlier.siblings.filter(({ resources }) => wantsOneOf(resources, rows))
  const isOnlyMatch =
    isAsApplied(source.resources, rows) && !rivals.some(({ resources }) => isAsApplied(resources, rows))
  if (rivals.length > 0 && !isOnlyMatch) {
    const others = rivals.map((one) => one.path)
    return refuse({ _tag: "SeveralOwners", forma, path, earlierName: earlier.name, others })
  }
  return forma === earlier.name ? known : { _tag: "Adopt", earlierName: earlier.name }
}

type Rows = ReadonlyArray<RecordedResource>

const findIn = (wanted: ReadonlyArray<WantedByDocument>, row: RecordedResource) =>
  wanted.find(({ label, type }) => label === row.label && type === row.type)

const wantsOneOf = (wanted: ReadonlyArray<WantedByDocument>, rows: Rows): boolean =>
  rows.some((row) => findIn(wanted, row) !== undefined)

/** Whether a document wants exactly what was applied last, as far as that can be seen without resolving and opening anything. */
const isAsApplied = (wanted: ReadonlyArray<WantedByDocument>, rows: Rows): boolean =>
  rows.length === wanted.length &&
  rows.every((row) => {
    const { properties = {} } = findIn(wanted, row) ?? { properties: { "": null } }
    const names = new Set([...Object.keys(properties), ...Object.keys(row.desired)])
    return [...names].every((name) => {
      const [asked, applied] = [ownValue(properties, name), ownValue(row.desired, name)]
      if (asked === undefined || applied === undefined) return false
      const texts = [canonicalJson(asked), canonicalJson(applied)] as const
      return texts[0] === texts[1] || standsForAnother.test(texts[0]) || texts[1].includes('"$sealed"')
    })
  })

/** What an applied value cannot be compared with. */
const standsForAnother = /"\$(ref|text|secret|output)"/

const isSamePlace = (one: KnownDocument, source: DocumentSource): boolean =>
  one.path === source.path ||
  (one.relativePath !== null && source.relativePath !== null && one.relativePath === source.relativePath)
