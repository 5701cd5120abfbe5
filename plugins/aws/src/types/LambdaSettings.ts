/** The settings of a function: the same in a document and in Lambda, except for one name and what Lambda adds. */
import { createHash } from "node:crypto"
import type { FunctionConfiguration } from "@aws-sdk/client-lambda"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import type { Properties, UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { zipOf } from "../ZipArchive.ts"

const strings = Schema.Array(Schema.NonEmptyString)
const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** The properties that can be changed at any time. */
export const fields = {
  Role: Schema.NonEmptyString,
  Runtime: Schema.optionalKey(Schema.NonEmptyString),
  Handler: Schema.optionalKey(Schema.NonEmptyString),
  Description: Schema.optionalKey(Schema.NonEmptyString),
  Timeout: Property.defaultsTo(3)(Schema.optionalKey(between(1, 900))),
  MemorySize: Property.defaultsTo(128)(Schema.optionalKey(between(128, 10_240))),
  KmsKeyArn: Schema.optionalKey(Schema.NonEmptyString),
  // Without variables it is the same as none.
  Environment: Schema.optionalKey(
    Schema.Struct({
      Variables: Property.absentWhenEmpty(Schema.optionalKey(Schema.Record(Schema.String, Schema.String))),
    }),
  ).pipe(Property.defaultsTo({ Variables: {} })),
  EphemeralStorage: Schema.optionalKey(Schema.Struct({ Size: between(512, 10_240) })).pipe(
    Property.defaultsTo({ Size: 512 }),
  ),
  Layers: Property.absentWhenEmpty(Schema.optionalKey(strings)),
  TracingConfig: Schema.optionalKey(Schema.Struct({ Mode: Schema.Literals(["Active", "PassThrough"]) })).pipe(
    Property.defaultsTo({ Mode: "PassThrough" }),
  ),
  VpcConfig: Schema.optionalKey(
    Schema.Struct({ SubnetIds: Property.distinct(strings), SecurityGroupIds: Property.distinct(strings) }),
  ).pipe(Property.defaultsTo({ SubnetIds: [], SecurityGroupIds: [] })),
}
const Settings = Schema.Struct(fields)
type Settings = typeof Settings.Type

export const Code = Schema.Struct({
  ZipFile: Schema.optionalKey(Schema.NonEmptyString),
  S3Bucket: Property.writeOnly(Schema.optionalKey(Schema.NonEmptyString)),
  S3Key: Property.writeOnly(Schema.optionalKey(Schema.NonEmptyString)),
  S3ObjectVersion: Property.writeOnly(Schema.optionalKey(Schema.NonEmptyString)),
}).check(
  Schema.makeFilter(
    ({ S3Bucket, S3Key, ZipFile }) =>
      (ZipFile === undefined) === (S3Bucket !== undefined && S3Key !== undefined) ||
      "Expected either ZipFile, or S3Bucket and S3Key",
  ),
)

/** What Lambda uses for settings that are left out. There is no default runtime or handler. */
const defaults = {
  Description: "",
  Timeout: 3,
  MemorySize: 128,
  KmsKeyArn: "",
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  Layers: [],
  TracingConfig: { Mode: "PassThrough" },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
} as const satisfies Partial<Settings>

/** The settings as Lambda returns them, without those that are empty. */
export const fromConfiguration = ({ Environment, KMSKeyArn, VpcConfig, ...found }: FunctionConfiguration) => {
  const { Description, EphemeralStorage, Handler, MemorySize, Role, Runtime, Timeout, TracingConfig } = found
  const layers = (found.Layers ?? []).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn]))
  const { SecurityGroupIds = [], SubnetIds = [] } = VpcConfig ?? {}
  const variables = Environment?.Variables ?? {}
  return returned({
    Role,
    Runtime,
    Handler,
    Description: Description === "" ? undefined : Description,
    Timeout,
    MemorySize,
    KmsKeyArn: KMSKeyArn === "" ? undefined : KMSKeyArn,
    Environment: Record.isEmptyRecord(variables) ? undefined : { Variables: variables },
    EphemeralStorage: EphemeralStorage?.Size === undefined ? undefined : { Size: EphemeralStorage.Size },
    Layers: layers.length === 0 ? undefined : layers,
    TracingConfig: TracingConfig?.Mode === undefined ? undefined : { Mode: TracingConfig.Mode },
    VpcConfig: SubnetIds.length === 0 ? undefined : { SubnetIds, SecurityGroupIds },
  })
}

/** The settings as Lambda accepts them. */
export const toConfiguration = ({ KmsKeyArn, Layers, VpcConfig, ...settings }: Partial<Settings>) => ({
  ...settings,
  ...(KmsKeyArn === undefined ? {} : { KMSKeyArn: KmsKeyArn }),
  ...(Layers === undefined ? {} : { Layers: [...Layers] }),
  ...(VpcConfig === undefined
    ? {}
    : { VpcConfig: { SubnetIds: [...VpcConfig.SubnetIds], SecurityGroupIds: [...VpcConfig.SecurityGroupIds] } }),
})

/** The settings that an update asks for and that differ from the present ones. */
export const changedSettings = (
  { desired, patch }: { readonly desired: Settings; readonly patch: UpdateRequest["patch"] },
  present: ReturnType<typeof fromConfiguration>,
): Partial<Settings> => {
  const asked: Partial<Settings> = {
    ...Struct.pick(
      defaults,
      Struct.keys(defaults).filter((name) => Patch.isRemoved(patch, name)),
    ),
    ...Struct.pick(
      desired,
      Struct.keys(fields).filter((name) => Patch.isChanged(patch, name)),
    ),
  }
  const now: { readonly [name: string]: unknown } = { ...defaults, ...present }
  return Struct.pick(
    asked,
    Struct.keys(asked).filter((name) => !Equal.equals(asked[name], now[name])),
  )
}

const archiveOf = (text: string, runtime: string | undefined): Uint8Array | undefined => {
  const extension = runtime?.startsWith("nodejs") ? "js" : runtime?.startsWith("python") ? "py" : undefined
  return extension === undefined ? undefined : zipOf(`index.${extension}`, text)
}

/** The canonical form of a function: code in text is the hash of its archive, which is what Lambda returns. */
export const withCodeHash = (properties: Properties): Properties => {
  const { Code: code, Runtime: runtime } = properties
  if (!Predicate.isObject(code) || Array.isArray(code)) return properties
  const { ZipFile: text, ...rest } = code as Properties
  const archive =
    typeof text === "string" ? archiveOf(text, typeof runtime === "string" ? runtime : undefined) : undefined
  if (archive === undefined) return properties
  return { ...properties, Code: { ...rest, CodeSha256: createHash("sha256").update(archive).digest("base64") } }
}

/** The code as Lambda accepts it. Text becomes the only file of an archive, which only these runtimes can read. */
export const toCode = ({ ZipFile, ...object }: typeof Code.Type, runtime: string | undefined) => {
  if (ZipFile === undefined) return Effect.succeed(object)
  const archive = archiveOf(ZipFile, runtime)
  return archive === undefined
    ? Effect.fail(ProviderError.of("InvalidRequest", `Code.ZipFile is only for Node.js and Python, not for ${runtime}`))
    : Effect.succeed({ ZipFile: archive })
}
