/** A document with a mistake in it, as a row of a table. */

export type Files = Readonly<Record<string, string>>

/** What is given beside the document. */
export interface Given {
  readonly set?: ReadonlyArray<string>
  readonly parameters?: ReadonlyArray<string>
  readonly env?: string
  readonly name?: string
  readonly only?: ReadonlyArray<string>
  /** The environment variables. */
  readonly variables?: Readonly<Record<string, string>>
  /** The document, where it is not `app.yaml`. Where it is `-`, `app.yaml` is what is piped. */
  readonly document?: string
  /** Documents that are applied before, by their names. `app` is an earlier `app.yaml`. */
  readonly applied?: Files
}

export interface Mistake {
  readonly title: string
  /**
   * The files. `◆` is not in them: it marks the place that the message must name.
   * Where none has one, it must name `place`.
   */
  readonly files: Files
  readonly place?: string
  /** What the message must say to do: the words of its way out. */
  readonly wayOut: string
  readonly given: Given
}

/** The mark of a place. */
export const mark = "◆"

/** A row whose message names the place of the mark. */
export const mistake = (title: string, wayOut: string, files: string | Files, given: Given = {}): Mistake => ({
  title,
  wayOut,
  files: typeof files === "string" ? { "app.yaml": files } : files,
  given,
})

/** A row whose message names something else: a file, a flag or a label. */
export const mistakeOf = (
  title: string,
  [place, wayOut]: readonly [place: string, wayOut: string],
  files: string | Files,
  given: Given = {},
): Mistake => ({ ...mistake(title, wayOut, files, given), place })

/** A target, as the end of a document. */
export const cloud =
  "\ntargets: { cloud: { namespace: FakeAWS, config: { cloud: CLOUD, region: eu-west-1, settleMillis: 0 } } }\n"

/** A document with these lines, and a target. */
export const document = (...lines: ReadonlyArray<string>): string => lines.join("\n") + cloud

const vpc = "type: FakeAWS::EC2::VPC, target: cloud"

/** A document with a network, whose fields are these. */
export const net = (fields: string, ...more: ReadonlyArray<string>): string =>
  document(
    "resources:",
    `  - { label: net, ${vpc}, properties: { CidrBlock: 10.0.0.0/16 }${fields === "" ? "" : `, ${fields}`} }`,
    ...more,
  )

/** A document with a network and a bucket, whose properties are these. */
export const bucket = (properties: string, ...more: ReadonlyArray<string>): string =>
  net("", `  - { label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { ${properties} } }`, ...more)

/** A document with a secret, whose properties are these. */
export const secret = (properties: string, ...more: ReadonlyArray<string>): string =>
  net(
    "",
    `  - { label: key, type: FakeAWS::SecretsManager::Secret, target: cloud, properties: { ${properties} } }`,
    ...more,
  )
